create or replace function pymap._give_up()
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    raise exception 'other sessions were faster a hundred times'
        using errcode = 'serialization_failure',
              detail = 'In every attempt another session changed what this call had read.',
              hint = 'Try the transaction again. If it never succeeds, the lookup tables do not agree with the arrays '
                     'of media_items.';
end
$function$;

comment on function pymap._give_up() is
'Private. Raises 40001 in place of a loop without an end.';

revoke all on function pymap._give_up() from public;
grant execute on function pymap._give_up() to pymap_writer;
