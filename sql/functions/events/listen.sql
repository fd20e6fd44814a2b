create or replace function pymap.listen(p_tenant_id bigint default 0)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._require_tenant(p_tenant_id);
    listen pymap_events;
    -- Until the session ends. Whoever writes events sees by it that somebody wants to know.
    perform pg_advisory_lock_shared(hashtextextended('pymap.listen', p_tenant_id));
end
$function$;

comment on function pymap.listen(bigint) is
$comment$Lets this session be notified on channel pymap_events when other sessions have written events. LISTEN alone
is not enough: notifications cost writers time, so they notify only sessions that called this function. A notification
only says that changes_since may have something new. Notifications can be missing at the very beginning, and events
can become readable later, when an older transaction ends: also call changes_since once in a while without a
notification. Needs a connection that bypasses any pooler, and a primary server. Call it in a transaction that
commits: after a rollback no notification arrives. It ends with the session.
Parameters: p_tenant_id, which is the payload of the notifications.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.listen(bigint) from public;
grant execute on function pymap.listen(bigint) to pymap_reader;
