create or replace function pymap._create_mapping(
    p_client_id bigint,
    p_client_type text,
    p_client_item_id text,
    p_media_type text,
    p_title text,
    p_data jsonb,
    p_external_ids jsonb,
    p_release_year integer,
    p_tenant_id bigint
)
returns bigint
language plpgsql
as $function$
declare
    v_media_item_id bigint;
    v_matched boolean;
    v_claimed bigint;
    v_sync_client jsonb;
begin
    -- After a lost race this is where the winner's mapping is found.
    v_media_item_id := pymap.get_media_item_by_client_id_and_type(
        p_client_id, p_client_item_id, p_media_type, p_tenant_id
    );
    if v_media_item_id is not null then
        return v_media_item_id;
    end if;

    v_media_item_id := pymap._match_external_ids(p_media_type, p_external_ids, p_tenant_id);
    v_matched := v_media_item_id is not null;
    v_sync_client := pymap._sync_client(
        p_client_id, p_client_type, p_client_item_id, case when v_matched then 'external_ids' end
    );

    -- Locks and claims are taken in one order everywhere: media items, mappings, external IDs, clients.
    if v_matched then
        perform from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = v_media_item_id for update;
        if pymap._match_external_ids(p_media_type, p_external_ids, p_tenant_id) is distinct from v_media_item_id then
            raise sqlstate 'PM999';
        end if;
    else
        v_media_item_id := nextval(pg_get_serial_sequence('pymap.media_items', 'id'));
    end if;

    insert into pymap.mappings (tenant_id, client_id, client_item_id, media_type, media_item_id)
    values (p_tenant_id, p_client_id, p_client_item_id, p_media_type, v_media_item_id)
    on conflict do nothing;
    if not found then
        raise sqlstate 'PM999';
    end if;

    if v_matched then
        update pymap.media_items as i
        set sync_clients = i.sync_clients || v_sync_client,
            external_ids = i.external_ids || pymap._new_external_ids(i.external_ids, p_external_ids),
            title = coalesce(i.title, p_title),
            release_year = coalesce(i.release_year, p_release_year)
        where i.tenant_id = p_tenant_id and i.id = v_media_item_id;
    else
        insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
        select p_tenant_id, e.source, e.id, p_media_type, 0, v_media_item_id
        from jsonb_to_recordset(p_external_ids) as e (source text, id text)
        order by e.source collate "C", e.id collate "C"
        -- Locks the slot where another item holds it, and writes nothing.
        on conflict (tenant_id, source, external_id, media_type, slot) do update set slot = excluded.slot where false;
        get diagnostics v_claimed = row_count;
        if v_claimed < jsonb_array_length(p_external_ids)
           and pymap._match_external_ids(p_media_type, p_external_ids, p_tenant_id) is not null
        then
            raise sqlstate 'PM999';
        end if;

        insert into pymap.media_items
            (tenant_id, id, type, title, release_year, sync_clients, external_ids, data)
        values
            (p_tenant_id, v_media_item_id, p_media_type, p_title, p_release_year,
             jsonb_build_array(v_sync_client), p_external_ids, p_data);
    end if;

    return v_media_item_id;
end
$function$;

comment on function pymap._create_mapping(bigint, text, text, text, text, jsonb, jsonb, integer, bigint) is
'Private. One attempt to map a client item ID that has no mapping: claims the key, then writes the media item. '
'Raises PM999 if another session was faster; the caller undoes everything and starts again.';

revoke all on function pymap._create_mapping(bigint, text, text, text, text, jsonb, jsonb, integer, bigint) from public;
