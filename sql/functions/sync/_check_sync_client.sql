create or replace function pymap._check_sync_client(
    p_function text,
    p_client_id bigint,
    p_client_type text,
    p_tenant_id bigint
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._check_client_id('p_client_id', p_client_id);
    perform pymap._check_client_type('p_client_type', p_client_type);
    perform pymap._check_client(p_client_id, p_client_type, p_tenant_id);
    perform pymap._require_read_committed(
        p_function, 'This sync would not see media items that another sync commits meanwhile, and would create them again.'
    );
end
$function$;

comment on function pymap._check_sync_client(text, bigint, text, bigint) is
'Private. Raises 22023, 42501, PM003 or 0A000 if a sync cannot begin.';

revoke all on function pymap._check_sync_client(text, bigint, text, bigint) from public;
