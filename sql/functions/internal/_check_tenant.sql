create or replace function pymap._check_tenant(p_tenant_id bigint)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_session_tenant constant bigint := pymap._session_tenant();
begin
    perform pymap._require_tenant(p_tenant_id);
    if v_session_tenant <> p_tenant_id then
        raise exception 'this session belongs to tenant %, not %', v_session_tenant, p_tenant_id
            using errcode = 'insufficient_privilege',
                  detail = format('pymap.tenant_id is %s, p_tenant_id is %s.', v_session_tenant, p_tenant_id),
                  hint = 'Give p_tenant_id, or reset pymap.tenant_id.';
    end if;
end
$function$;

comment on function pymap._check_tenant(bigint) is
'Private. Raises 42501 if the session has another pymap.tenant_id, 22023 for NULL. Functions that run with their '
'owner''s rights bypass row-level security; this check takes its place.';

revoke all on function pymap._check_tenant(bigint) from public;
grant execute on function pymap._check_tenant(bigint) to pymap_writer;
