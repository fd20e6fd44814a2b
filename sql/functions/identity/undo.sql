create or replace function pymap.undo(p_event_id bigint, p_tenant_id bigint default 0)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_events pymap.event[];
    v_event pymap.event;
    v_undone_id bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._require_read_committed('undo', 'It could lose changes that other sessions commit meanwhile.');
    perform pymap._lock_tenant('identity', p_tenant_id);
    if not exists (
        select from pymap.mapping_events as e where e.tenant_id = p_tenant_id and e.id = p_event_id
    ) then
        perform pymap._invalid_argument('p_event_id', p_event_id::text, 'history and changes_since list the events.');
    end if;

    v_events := pymap._events_to_undo(p_event_id, p_tenant_id);
    perform pymap._lock_media_items(
        array(
            select v.id
            from unnest(v_events) as e
            cross join lateral (
                values (e.media_item_before), (e.media_item_after)
                union all
                select i.id::bigint
                from jsonb_array_elements_text(coalesce(e.details -> 'children', '[]')) as i (id)
                union all
                select i.id::bigint
                from jsonb_array_elements_text(coalesce(e.details -> 'redirects', '[]')) as i (id)
            ) as v (id)
        ),
        p_tenant_id
    );

    foreach v_event in array v_events loop
        v_undone_id := pymap._undo_event(v_event);
    end loop;
    return v_undone_id;
end
$function$;

comment on function pymap.undo(bigint, bigint) is
$comment$Takes back what an event did: a merge, with the merges of children that it caused, a split, mark_distinct, or
the change of a single mapping. Afterwards the arrays, the lookup tables, parents and redirects are what they were.
Mappings and external IDs that a merged media item got later stay with it. Undoing a split deletes the media item that
it made.
Parameters: p_event_id, as history and changes_since show it; p_tenant_id.
Returns the ID of the event that records the undo; that event cannot be undone.
Errors: PM005 if a later change prevents it (DETAIL names the change), nothing is written then; 22023 for an event
that does not exist; 0A000 in a transaction that is not READ COMMITTED. Waits for a running sync of the tenant.$comment$;

revoke all on function pymap.undo(bigint, bigint) from public;
grant execute on function pymap.undo(bigint, bigint) to pymap_writer;
