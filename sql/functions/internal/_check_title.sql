create or replace function pymap._check_title(p_argument text, p_title text)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if length(p_title) > 1000 then
        perform pymap._invalid_argument(p_argument, p_title, 'A title has at most 1,000 characters.');
    end if;
end
$function$;

comment on function pymap._check_title(text, text) is
'Private. Raises 22023 for a title of more than 1,000 characters.';

revoke all on function pymap._check_title(text, text) from public;
grant execute on function pymap._check_title(text, text) to pymap_reader, pymap_writer;
