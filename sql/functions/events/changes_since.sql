create or replace function pymap.changes_since(
    p_event_id bigint,
    p_limit bigint default 1000,
    p_tenant_id bigint default 0
)
returns table (
    event_id bigint,
    happened_at timestamptz,
    actor text,
    kind text,
    client_id bigint,
    client_item_id text,
    media_type text,
    media_item_before bigint,
    media_item_after bigint,
    evidence text,
    weight integer,
    comparisons jsonb,
    undoes bigint
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_system_identifier constant bigint := (pg_control_system()).system_identifier;
    v_epoch integer := -1;
    v_position xid8 := '0';
begin
    perform pymap._require_tenant(p_tenant_id);
    if p_limit is null or p_limit < 1 then
        perform pymap._invalid_argument('p_limit', p_limit::text, 'Give a number of events from 1 up.');
    end if;
    if p_event_id is distinct from 0 then
        select e.epoch, e.position
        into v_epoch, v_position
        from pymap.mapping_events as e
        where e.tenant_id = p_tenant_id and e.id = p_event_id;
        if not found then
            perform pymap._invalid_argument(
                'p_event_id', p_event_id::text,
                'Give the last event that was read, or 0 to begin. If old events were deleted, read everything anew.'
            );
        end if;
    end if;

    -- Transactions commit in another order than they draw IDs. A position is no lower than the number of its transaction:
    -- below the oldest one that still runs, nothing can come any more. What was written in another cluster is history.
    return query
    select w.id, w.happened_at, w.actor, w.kind, w.client_id, w.client_item_id, w.media_type, w.media_item_before,
           w.media_item_after, w.evidence, w.weight, w.comparisons, w.undoes
    from (
        select e.*,
               bool_and(
                   e.position < pg_snapshot_xmin(pg_current_snapshot()) or e.system_identifier <> v_system_identifier
               ) over (order by e.epoch, e.position, e.id) as is_settled
        from (
            select o.*
            from pymap.mapping_events as o
            where o.tenant_id = p_tenant_id and (o.epoch, o.position, o.id) > (v_epoch, v_position, coalesce(p_event_id, 0))
            order by o.epoch, o.position, o.id
            limit p_limit
        ) as e
    ) as w
    where w.is_settled
    order by w.epoch, w.position, w.id;
end
$function$;

comment on function pymap.changes_since(bigint, bigint, bigint) is
$comment$The change feed: returns what happened after an event that was read before. It holds the changes of mappings,
merges, splits, distinct pairs and undos. It skips nothing and repeats nothing, however many sessions write: an event
appears once every older transaction of the server has ended. Call it with the last event_id that you have processed,
until it returns nothing. LISTEN pymap_events notifies you when there is more; the payload is the tenant.
Parameters: p_event_id, the last event that was read, 0 to begin; p_limit, the most rows to return; p_tenant_id.
Returns rows in the order in which to apply them; their IDs need not ascend. event_id; happened_at, the start of the
transaction; actor, the setting pymap.actor or else the session's role; kind: 'mapped', 'unmapped', 'moved'
(client_id, client_item_id, media_type: from media_item_before to media_item_after), 'merged' (media_item_before into
media_item_after), 'split' (media_item_after out of media_item_before), 'distinct' (the two media items), 'undone'
(event undoes); evidence, the strongest: 'external_ids', 'file', 'numbers', 'title', or 'manual', 'merge', 'split',
'undo'; NULL if an application wrote the mapping, or if it came with a new media item; weight, of all evidence, and
comparisons, of each field: {"imdb": 12, "title": 6}.
Errors: 22023 for a bad argument, also for an event that no longer exists.$comment$;

revoke all on function pymap.changes_since(bigint, bigint, bigint) from public;
grant execute on function pymap.changes_since(bigint, bigint, bigint) to pymap_reader;
