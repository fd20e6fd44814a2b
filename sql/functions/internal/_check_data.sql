create or replace function pymap._check_data(p_argument text, p_data jsonb)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if jsonb_typeof(p_data) is distinct from 'object' then
        perform pymap._invalid_argument(p_argument, p_data::text, 'Give a JSON object, {} if there is nothing to keep.');
    end if;
end
$function$;

comment on function pymap._check_data(text, jsonb) is 'Private. Raises 22023 unless the value is a JSON object.';

revoke all on function pymap._check_data(text, jsonb) from public;
