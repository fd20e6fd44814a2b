create or replace function pymap.split_media_item(
    p_media_item_id bigint,
    p_mappings jsonb,
    p_external_ids jsonb default '[]',
    p_tenant_id bigint default 0
)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_item pymap.media_items;
    v_sync_clients jsonb;
    v_asked_ids jsonb;
    v_told record;
    v_external_ids jsonb;
    v_lost_ids jsonb;
    v_new_id bigint;
    v_event_id bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._require_read_committed('split_media_item', 'It would not see changes that other sessions commit meanwhile.');
    perform pymap._lock_tenant('identity', p_tenant_id);
    perform pymap._lock_media_items(
        array[pymap._live_media_item('p_media_item_id', p_media_item_id, p_tenant_id)], p_tenant_id
    );
    select i.*
    into v_item
    from pymap.media_items as i
    where i.tenant_id = p_tenant_id
      and i.id = pymap._live_media_item('p_media_item_id', p_media_item_id, p_tenant_id);

    v_sync_clients := pymap._split_off_mappings(p_mappings, v_item.id, v_item.sync_clients);
    v_asked_ids := pymap._split_off_external_ids(p_external_ids, v_item.id, v_item.type, v_item.external_ids);
    v_told := pymap._told_by_mappings(v_item.id, v_sync_clients, p_tenant_id);
    v_external_ids := pymap.normalize_external_ids(v_asked_ids || v_told.external_ids, v_item.type);
    -- What clients that stay told as well is also theirs.
    v_lost_ids := pymap._without_elements(
        v_external_ids,
        pymap._without_elements(v_told.kept_ids, v_asked_ids, 'source', 'id'),
        'source', 'id'
    );
    v_new_id := nextval(pg_get_serial_sequence('pymap.media_items', 'id'));
    v_event_id := pymap._note_event(
        'split', v_item.type, v_item.id, v_new_id, 'manual',
        jsonb_build_object(
            'sync_clients', v_sync_clients,
            'external_ids', v_lost_ids,
            'sync_clients_before', v_item.sync_clients,
            'external_ids_before', v_item.external_ids
        ),
        null, p_tenant_id
    );

    -- One statement takes the mappings over: they are free when the triggers hand them to the new media item.
    insert into pymap.media_items (tenant_id, id, type, title, release_year, parent_id, parent_number, number)
    values (
        p_tenant_id, v_new_id, v_item.type, v_told.title, v_told.release_year, v_told.parent_id, v_told.parent_number,
        v_told.number
    );
    update pymap.client_items as c
    set evidence = 'split', weight = null, comparisons = null
    from jsonb_array_elements(v_sync_clients) as s (element)
    where c.tenant_id = p_tenant_id
      and c.client_id = (s.element ->> 'clientId')::bigint
      and c.client_item_id = s.element ->> 'itemId'
      and c.media_type = v_item.type;
    update pymap.media_items as i
    set sync_clients = case i.id
            when v_new_id then v_sync_clients
            else pymap._without_elements(i.sync_clients, v_sync_clients, 'clientId', 'itemId')
        end,
        external_ids = case i.id
            when v_new_id then v_external_ids
            else pymap._without_elements(i.external_ids, v_lost_ids, 'source', 'id')
        end
    where i.tenant_id = p_tenant_id and i.id in (v_item.id, v_new_id);

    perform pymap._mark_distinct(v_item.id, v_new_id, p_tenant_id);
    return v_event_id;
end
$function$;

comment on function pymap.split_media_item(bigint, jsonb, jsonb, bigint) is
$comment$Moves mappings of a media item to a new one of the same media type, with what their clients reported:
external IDs, title, year, parent, numbers. External IDs that no remaining mapping has reported go along. Its children
stay with the old media item. The two media items are marked as distinct.
Parameters: p_media_item_id; p_mappings, [{"clientId": 2, "itemId": "abc"}, …], some but not all of its mappings;
p_external_ids, more of its external IDs that go along, in any spelling; p_tenant_id.
Returns the ID of the event, for undo; its media_item_after is the new media item.
Errors: P0002 if the media item does not exist; 22023 for a mapping or an external ID that it does not have, or if no
mapping would be left; 0A000 in a transaction that is not READ COMMITTED. Waits for a running sync of the tenant.$comment$;

revoke all on function pymap.split_media_item(bigint, jsonb, jsonb, bigint) from public;
grant execute on function pymap.split_media_item(bigint, jsonb, jsonb, bigint) to pymap_writer;
