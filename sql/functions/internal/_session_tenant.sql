create or replace function pymap._session_tenant()
returns bigint
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_tenant text := nullif(current_setting('pymap.tenant_id', true), '');
begin
    if v_tenant !~ '^-?[0-9]{1,18}$' then
        raise exception 'invalid value for pymap.tenant_id: ''%''', v_tenant
            using errcode = 'invalid_parameter_value',
                  detail = format('The setting pymap.tenant_id is ''%s''.', v_tenant),
                  hint = 'It is a whole number, or empty for a session that sees all tenants.';
    end if;
    return v_tenant::bigint;
end
$function$;

comment on function pymap._session_tenant() is
'Private. The tenant that the setting pymap.tenant_id names; NULL if it is empty. Errors: 22023.';

revoke all on function pymap._session_tenant() from public;
grant execute on function pymap._session_tenant() to pymap_reader, pymap_writer;
