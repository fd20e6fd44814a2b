create or replace function pymap._session_tenant()
returns bigint
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_tenant constant text := nullif(current_setting('pymap.tenant_id', true), '');
    -- No handler of the cast's error: row-level security runs this in parallel workers, which can't have one.
    v_is_bigint constant boolean := case
        when v_tenant ~ '^-?[0-9]{1,19}$'
        then v_tenant::numeric between -9223372036854775808 and 9223372036854775807
        else v_tenant is null
    end;
begin
    if not v_is_bigint then
        perform pymap._invalid_argument(
            'pymap.tenant_id', v_tenant, 'Give a bigint, or an empty string for a session that sees all tenants.'
        );
    end if;
    return v_tenant::bigint;
end
$function$;

comment on function pymap._session_tenant() is
'Private. The tenant that the setting pymap.tenant_id names; NULL if it is empty. Errors: 22023.';

revoke all on function pymap._session_tenant() from public;
grant execute on function pymap._session_tenant() to pymap_reader, pymap_writer;
