create or replace function pymap._undo_split(p_event pymap.event)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_item_id constant bigint := p_event.media_item_before;
    v_new_id constant bigint := p_event.media_item_after;
    v_details constant jsonb := p_event.details;
begin
    perform pymap._check_undo_split(p_event);

    update pymap.client_items as c
    set evidence = 'undo', weight = null, comparisons = null
    from jsonb_array_elements(v_details -> 'sync_clients') as s (element)
    where c.tenant_id = p_event.tenant_id
      and c.media_item_id = v_new_id
      and c.client_id = (s.element ->> 'clientId')::bigint
      and c.client_item_id = s.element ->> 'itemId';

    -- In their old places if nothing came or went meanwhile, else at the end.
    update pymap.media_items as i
    set sync_clients = case
            when i.id = v_new_id then '[]'
            when i.sync_clients = pymap._without_elements(
                v_details -> 'sync_clients_before', v_details -> 'sync_clients', 'clientId', 'itemId'
            ) then v_details -> 'sync_clients_before'
            else i.sync_clients || (v_details -> 'sync_clients')
        end,
        external_ids = case
            when i.id = v_new_id then '[]'
            when i.external_ids = pymap._without_elements(
                v_details -> 'external_ids_before', v_details -> 'external_ids', 'source', 'id'
            ) then v_details -> 'external_ids_before'
            else i.external_ids || (v_details -> 'external_ids')
        end
    where i.tenant_id = p_event.tenant_id and i.id in (v_item_id, v_new_id);

    delete from pymap.media_items as i where i.tenant_id = p_event.tenant_id and i.id = v_new_id;
end
$function$;

comment on function pymap._undo_split(pymap.event) is
'Private. Gives a media item back what was split off, and deletes the media item that the split made. Errors: PM005 if '
'a later change prevents it.';

revoke all on function pymap._undo_split(pymap.event) from public;
