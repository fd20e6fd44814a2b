create or replace function pymap._open_events(p_tenant_id bigint)
returns integer
language plpgsql
as $function$
declare
    v_listeners constant bigint := hashtextextended('pymap.listen', p_tenant_id);
    v_is_listened_to boolean;
    v_epoch integer;
    v_xid xid8;
begin
    -- NOTIFY makes transactions commit one after the other: only if the lock of a listener is in the way. Taken and given
    -- back in one expression, which cannot be cancelled in between.
    v_is_listened_to := case when pg_try_advisory_lock(v_listeners) then not pg_advisory_unlock(v_listeners) else true end;
    if v_is_listened_to then
        perform pg_notify('pymap_events', p_tenant_id::text);
    end if;

    select e.epoch, e.xid
    into v_epoch, v_xid
    from pymap.mapping_events as e
    where e.tenant_id = p_tenant_id
    order by e.epoch desc, e.xid desc, e.id desc
    limit 1;
    -- A transaction of the future: the table was restored from another cluster, whose numbers mean nothing here.
    if v_xid >= pg_snapshot_xmax(pg_current_snapshot()) and v_xid <> pg_current_xact_id() then
        v_epoch := v_epoch + 1;
    end if;
    return coalesce(v_epoch, 0);
end
$function$;

comment on function pymap._open_events(bigint) is
'Private. Wakes up who listens when the transaction commits. Returns the epoch of new events: one more than that of the '
'last event if that came from another database cluster.';

revoke all on function pymap._open_events(bigint) from public;
