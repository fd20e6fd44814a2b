create or replace function pymap._open_events(
    p_tenant_id bigint,
    out epoch integer,
    out system_identifier bigint,
    out feed_position xid8
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_listeners constant bigint := hashtextextended('pymap.listen', p_tenant_id);
    v_is_listened_to boolean;
begin
    -- NOTIFY makes transactions commit one after the other: only if the lock of a listener is in the way. Taken and given
    -- back in one expression, which cannot be cancelled in between.
    v_is_listened_to := case when pg_try_advisory_lock(v_listeners) then not pg_advisory_unlock(v_listeners) else true end;
    if v_is_listened_to then
        perform pg_notify('pymap_events', p_tenant_id::text);
    end if;

    system_identifier := (pg_control_system()).system_identifier;
    select e.epoch + case when e.system_identifier = _open_events.system_identifier then 0 else 1 end
    into epoch
    from pymap.mapping_events as e
    where e.tenant_id = p_tenant_id
    order by e.epoch desc, e.position desc, e.id desc
    limit 1;
    epoch := coalesce(epoch, 0);
    feed_position := pymap._event_position(p_tenant_id);
end
$function$;

comment on function pymap._open_events(bigint) is
'Private. Notifies the listening sessions when the transaction commits. Returns what new events carry: the system '
'identifier of this database cluster, and the epoch. The epoch is that of the last event, plus one if that event came '
'from another cluster.';

revoke all on function pymap._open_events(bigint) from public;
