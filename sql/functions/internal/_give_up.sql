create or replace function pymap._give_up()
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    raise exception 'other sessions were faster a hundred times'
        using errcode = 'serialization_failure',
              detail = 'In each attempt another session changed data that this call had read.',
              hint = 'Try the transaction again. If it never succeeds, run check_integrity: the lookup tables may disagree with '
                     'the arrays of media_items.';
end
$function$;

comment on function pymap._give_up() is
'Private. Raises 40001, so that no loop runs for ever.';

revoke all on function pymap._give_up() from public;
grant execute on function pymap._give_up() to pymap_writer;
