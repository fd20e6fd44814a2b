create or replace function pymap._events_to_undo(p_event_id bigint, p_tenant_id bigint)
returns pymap.event[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return (
        with recursive tree as (
            select e.id, e.epoch, e.xid, e.details, 0 as depth
            from pymap.mapping_events as e
            where e.tenant_id = p_tenant_id and e.id = p_event_id
            union all
            -- Children that stood at the same place were merged with their parents, in the same transaction.
            select c.id, c.epoch, c.xid, c.details, t.depth + 1
            from tree as t
            cross join lateral jsonb_array_elements_text(coalesce(t.details -> 'children', '[]')) as i (id)
            join pymap.mapping_events as c
                on c.tenant_id = p_tenant_id
                and i.id::bigint in (c.media_item_before, c.media_item_after)
                and c.kind = 'merged'
                and c.epoch = t.epoch
                and c.xid = t.xid
                and c.evidence = 'numbers'
                and c.details -> 'batch' = t.details -> 'batch'
            where not exists (
                select from pymap.mapping_events as u where u.tenant_id = p_tenant_id and u.undoes = c.id
            )
        )
        select array_agg(
            (e.tenant_id, e.id, e.epoch, e.xid, e.kind, e.client_id, e.client_item_id, e.media_type, e.media_item_before,
             e.media_item_after, e.details)::pymap.event
            order by t.depth desc, e.id desc
        )
        from tree as t
        join pymap.mapping_events as e on e.tenant_id = p_tenant_id and e.id = t.id
    );
end
$function$;

comment on function pymap._events_to_undo(bigint, bigint) is
'Private. The events to undo together, in the order of undoing: the merges of children that an event caused and that '
'were not undone, then the event itself.';

revoke all on function pymap._events_to_undo(bigint, bigint) from public;
