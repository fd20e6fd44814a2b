create or replace function pymap._undo_mapping(p_event pymap.event)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_mapping constant jsonb := jsonb_build_array(
        jsonb_build_object('clientId', p_event.client_id, 'itemId', p_event.client_item_id)
    );
    v_holder_id bigint := (
        select m.media_item_id
        from pymap.client_items as m
        where m.tenant_id = p_event.tenant_id
          and m.client_id = p_event.client_id
          and m.client_item_id = p_event.client_item_id
          and m.media_type = p_event.media_type
    );
    v_redirect_to bigint;
    v_media_type text;
begin
    if v_holder_id is distinct from p_event.media_item_after then
        perform pymap._refuse_undo(
            p_event.id,
            format(
                'Item ID %L of client %s is %s now.', p_event.client_item_id, p_event.client_id,
                coalesce('mapped to media item ' || v_holder_id, 'not mapped')
            )
        );
    end if;
    select i.merged_into, i.type
    into v_redirect_to, v_media_type
    from pymap.media_items as i
    where i.tenant_id = p_event.tenant_id and i.id = p_event.media_item_before;
    if p_event.media_item_before is not null and not found then
        perform pymap._refuse_undo(p_event.id, format('Media item %s does not exist any more.', p_event.media_item_before));
    elsif v_redirect_to is not null then
        perform pymap._refuse_undo(
            p_event.id, format('Media item %s is merged into %s.', p_event.media_item_before, v_redirect_to)
        );
    elsif v_media_type <> p_event.media_type then
        perform pymap._refuse_undo(
            p_event.id, format('Media item %s is of type %s now.', p_event.media_item_before, v_media_type)
        );
    end if;

    -- With what the client had told, if the mapping was gone.
    insert into pymap.client_items as c
    select (jsonb_populate_record(
        null::pymap.client_items,
        coalesce(p_event.details -> 'told', jsonb_build_object('title_is_unique', false, 'external_ids', jsonb_build_object()))
        || jsonb_build_object(
            'tenant_id', p_event.tenant_id, 'client_id', p_event.client_id, 'client_item_id', p_event.client_item_id,
            'media_type', p_event.media_type, 'media_item_id', p_event.media_item_before,
            'evidence', 'undo', 'weight', null, 'comparisons', null
        )
    )).*
    where p_event.media_item_before is not null
    on conflict (tenant_id, client_id, client_item_id, media_type) do update set evidence = 'undo', weight = null, comparisons = null
    where c.media_item_id = p_event.media_item_after;

    update pymap.media_items as i
    set sync_clients = case i.id
            when p_event.media_item_after then pymap._without_elements(i.sync_clients, v_mapping, 'clientId', 'itemId')
            else jsonb_insert(
                i.sync_clients, array[((p_event.details ->> 'position')::bigint - 1)::text],
                p_event.details -> 'sync_client'
            )
        end
    where i.tenant_id = p_event.tenant_id and i.id in (p_event.media_item_before, p_event.media_item_after);
end
$function$;

comment on function pymap._undo_mapping(pymap.event) is
'Private. Takes back the change of one mapping. Errors: PM005 if it has changed since.';

revoke all on function pymap._undo_mapping(pymap.event) from public;
