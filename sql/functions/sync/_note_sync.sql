create or replace function pymap._note_sync(p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    update pymap.clients as c
    set synced_at = clock_timestamp()
    where c.tenant_id = p_tenant_id and c.client_id = p_client_id;
end
$function$;

comment on function pymap._note_sync(bigint, bigint) is
'Private. Notes that a client was synced: the one row that also a sync writes that changes nothing.';

revoke all on function pymap._note_sync(bigint, bigint) from public;
