create or replace function pymap._check_client_type(p_argument text, p_client_type text)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_client_type ~ '^[a-z][a-z0-9_-]{0,49}$' is not true then
        perform pymap._invalid_argument(
            p_argument, p_client_type,
            'A client type is a lower-case word of up to 50 characters, such as plex or jellyfin.'
        );
    end if;
end
$function$;

comment on function pymap._check_client_type(text, text) is 'Private. Raises 22023 unless the client type is well-formed.';

revoke all on function pymap._check_client_type(text, text) from public;
grant execute on function pymap._check_client_type(text, text) to pymap_reader;
