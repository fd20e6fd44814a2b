create or replace function pymap._event_position(p_tenant_id bigint)
returns xid8
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_xid constant bigint := pg_current_xact_id()::text;
    v_cycle constant bigint := 4294967296;
    v_event_id bigint;
    v_newest bigint;
begin
    if current_setting('transaction_isolation') not in ('repeatable read', 'serializable') then
        -- One below xmax is the newest that has ended: xmax itself may not begin for long, and readers would wait for it.
        return greatest(v_xid, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1)::text::xid8;
    end if;

    -- The snapshot does not tell what has begun and committed since it was taken. A subtransaction that writes gets the
    -- newest number of all; what it wrote is taken back.
    begin
        insert into pymap.mapping_events as e (tenant_id, epoch, system_identifier, position, kind, media_type)
        values (p_tenant_id, 0, 0, pg_current_xact_id(), 'undone', '')
        returning e.id into v_event_id;
        -- A partitioned table returns no xmin of what is inserted.
        v_newest := (
            select e.xmin::text::bigint
            from pymap.mapping_events as e
            where e.tenant_id = p_tenant_id and e.id = v_event_id
        );
        raise sqlstate 'PM999';
    exception
        when sqlstate 'PM999' then null;
    end;
    -- xmin has the lower half of the number.
    v_newest := v_newest + v_xid / v_cycle * v_cycle;
    return (v_newest + case when v_newest < v_xid then v_cycle else 0 end)::text::xid8;
end
$function$;

comment on function pymap._event_position(bigint) is
'Private. The place of new events in the change feed: a transaction number, not lower than that of this transaction and '
'those of all transactions that have committed.';

revoke all on function pymap._event_position(bigint) from public;
