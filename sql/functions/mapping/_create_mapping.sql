create or replace function pymap._create_mapping(
    p_client_id bigint,
    p_client_type text,
    p_item jsonb,
    p_data jsonb,
    p_tenant_id bigint
)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_client_item_id constant text := p_item ->> 'itemId';
    c_media_type constant text := p_item ->> 'type';
    v_told record;
    v_title_key text;
    v_external_ids jsonb;
    v_media_item_id bigint;
    v_claimed bigint;
begin
    -- After a lost race this is where the winner's mapping is found.
    v_media_item_id := pymap.get_media_item_by_client_id_and_type(p_client_id, c_client_item_id, c_media_type, p_tenant_id);
    if v_media_item_id is not null then
        return v_media_item_id;
    end if;

    select r.* into v_told from pymap._read_item(p_item) as r;
    v_title_key := pymap._title_key(v_told.title);
    if pymap._has_candidates(c_media_type, v_told.external_ids, v_title_key, p_tenant_id) then
        return null;
    end if;

    -- Claims are taken in one order everywhere: mappings, external IDs, clients.
    v_media_item_id := nextval(pg_get_serial_sequence('pymap.media_items', 'id'));
    insert into pymap.client_items (
        tenant_id, client_id, client_item_id, media_type, media_item_id, told_hash, title, title_key, title_is_unique,
        release_year, external_ids
    )
    values (
        p_tenant_id, p_client_id, c_client_item_id, c_media_type, v_media_item_id, hashtextextended(p_item::text, 0),
        v_told.title, v_title_key, true, v_told.release_year, v_told.external_ids
    )
    on conflict do nothing;
    if not found then
        raise sqlstate 'PM999';
    end if;

    if v_told.external_ids = '{}' then
        v_external_ids := '[]';
    else
        select jsonb_agg(jsonb_build_object('source', s.key, 'id', v.id) order by s.key, v.id)
        into v_external_ids
        from jsonb_each(v_told.external_ids) as s
        cross join lateral jsonb_array_elements_text(s.value) as v (id);
        insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
        select p_tenant_id, e.source, e.id, c_media_type, 0, v_media_item_id
        from jsonb_to_recordset(v_external_ids) as e (source text, id text)
        order by e.source collate "C", e.id collate "C"
        -- Locks the slot where another item holds it, and writes nothing.
        on conflict (tenant_id, source, external_id, media_type, slot) do update set slot = excluded.slot where false;
        get diagnostics v_claimed = row_count;
        if v_claimed < jsonb_array_length(v_external_ids)
           and exists (
               select
               from pymap._candidates_by_external_id(c_media_type, v_told.external_ids, p_tenant_id) as c
               where c.media_item_id <> v_media_item_id
           )
        then
            raise sqlstate 'PM999';
        end if;
    end if;

    insert into pymap.media_items (tenant_id, id, type, title, release_year, sync_clients, external_ids, data)
    values (
        p_tenant_id, v_media_item_id, c_media_type, v_told.title, v_told.release_year,
        jsonb_build_array(
            jsonb_build_object('clientId', p_client_id, 'clientType', p_client_type, 'itemId', c_client_item_id)
        ),
        v_external_ids, p_data
    );
    return v_media_item_id;
end
$function$;

comment on function pymap._create_mapping(bigint, text, jsonb, jsonb, bigint) is
'Private. One attempt to map a client item ID of which nothing is known: claims the keys, then writes the media item. '
'Returns its ID, or that of a mapping that there is; NULL, and writes nothing, if a stored media item may be it. Raises '
'PM999 if another session was faster; the caller undoes everything and starts again.';

revoke all on function pymap._create_mapping(bigint, text, jsonb, jsonb, bigint) from public;
