create or replace function pymap._lock_syncs(p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    perform pg_advisory_xact_lock(hashtextextended('pymap.sync', p_tenant_id));
end
$function$;

comment on function pymap._lock_syncs(bigint) is
'Private. Waits until no sync of the tenant runs and nobody fixes identity, and keeps others waiting until the transaction '
'ends: matching by numbers and by title has no unique key that two sessions could meet at.';

revoke all on function pymap._lock_syncs(bigint) from public;
