create or replace function pymap._check_client_id(p_argument text, p_client_id bigint)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_client_id >= 1 is not true then
        perform pymap._invalid_argument(
            p_argument, p_client_id::text, 'A client ID is a whole number from 1 up.'
        );
    end if;
end
$function$;

comment on function pymap._check_client_id(text, bigint) is 'Private. Raises 22023 unless the client ID is 1 or more.';

revoke all on function pymap._check_client_id(text, bigint) from public;
grant execute on function pymap._check_client_id(text, bigint) to pymap_reader;
