create or replace function pymap._share_writing(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- No row: no sync has had to start again in this tenant yet. To make one here would block all others until we commit.
    perform from pymap.locks as l where l.tenant_id = p_tenant_id and l.name = 'writing' for key share;
end
$function$;

comment on function pymap._share_writing(bigint) is
'Private. Waits for a sync that holds the lock writing alone. Such a sync also waits for this transaction to end.';

revoke all on function pymap._share_writing(bigint) from public;
