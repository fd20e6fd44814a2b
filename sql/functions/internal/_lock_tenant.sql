create or replace function pymap._lock_tenant(p_name text, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    loop
        perform from pymap.locks as l where l.tenant_id = p_tenant_id and l.name = p_name for update;
        exit when found;
        insert into pymap.locks (tenant_id, name) values (p_tenant_id, p_name) on conflict do nothing;
    end loop;
end
$function$;

comment on function pymap._lock_tenant(text, bigint) is
'Private. Takes a lock of the tenant until the transaction ends. The lock identity is for syncs, merges, splits and '
'undo, because matching by title and numbers has no unique key at which two sessions could meet. The lock writing keeps '
'out sessions that map single items. Each lock is a row, because anybody could take an advisory lock.';

revoke all on function pymap._lock_tenant(text, bigint) from public;
