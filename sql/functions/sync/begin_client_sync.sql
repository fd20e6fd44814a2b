create or replace function pymap.begin_client_sync(
    p_client_id bigint,
    p_client_type text,
    p_tenant_id bigint default 0
)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._check_sync_client('begin_client_sync', p_client_id, p_client_type, p_tenant_id);
    perform pymap._open_staging();
    delete from pg_temp.pymap_begun;
    insert into pg_temp.pymap_begun (client_id, client_type, tenant_id, xid)
    values (p_client_id, p_client_type, p_tenant_id, pg_current_xact_id());
    return 'copy pg_temp.pymap_listing (item) from stdin';
end
$function$;

comment on function pymap.begin_client_sync(bigint, text, bigint) is
$comment$Syncs a listing that is too big for one value, step one of three: creates a temporary table. Step two: COPY
the items into it, one a row, each a JSON object as sync_client_items takes it. Step three: call apply_client_sync.
All three steps have to be in one transaction: what an earlier one has left in the table is removed.
Parameters: p_client_id, from 1 up; p_client_type, such as 'plex'; p_tenant_id.
Returns the COPY command to send.
Errors: PM003 if the client is of another type; 22023 for a bad argument; 55000 if a listing is being synced already;
0A000 in a transaction that is not READ COMMITTED.$comment$;

revoke all on function pymap.begin_client_sync(bigint, text, bigint) from public;
grant execute on function pymap.begin_client_sync(bigint, text, bigint) to pymap_writer;
