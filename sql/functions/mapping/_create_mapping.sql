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
    c_match constant integer := pymap._match_weight('decision', 'match');
    c_review constant integer := pymap._match_weight('decision', 'review');
    v_read record;
    v_told pymap.description;
    v_candidates bigint[];
    v_matches bigint := 0;
    v_is_taken boolean;
    v_updated_at timestamptz;
    v_evidence text;
    v_weight integer;
    v_comparisons jsonb;
    v_known_ids jsonb := '[]';
    v_media_item_id bigint;
    v_external_ids jsonb := '[]';
    v_sync_clients jsonb;
    v_claimed bigint;
begin
    -- After a lost race this is where the winner's mapping is found.
    select c.media_item_id
    into v_media_item_id
    from pymap.client_items as c
    where c.tenant_id = p_tenant_id
      and c.client_id = p_client_id
      and c.client_item_id = c_client_item_id
      and c.media_type = c_media_type;
    if found then
        return v_media_item_id;
    end if;

    select r.* into v_read from pymap._read_item(p_item) as r;
    v_told := (
        v_read.title, pymap._title_key(v_read.title), true, v_read.release_year, v_read.external_ids, null, null, null, null
    );
    v_candidates := array(
        select c.media_item_id
        from pymap._candidates_by_external_id(c_media_type, v_told.external_ids, p_tenant_id) as c
        union
        select c.media_item_id
        from pymap._candidates_by_title(c_media_type, v_told.title_key, p_tenant_id) as c
        where (select t.title_identifies from pymap.media_types as t where t.name = c_media_type)
    );
    if v_candidates <> '{}' then
        select c.media_item_id, c.updated_at, c.evidence, c.weight, c.comparisons, c.is_taken,
               count(*) filter (where c.weight >= c_match) over ()
        into v_media_item_id, v_updated_at, v_evidence, v_weight, v_comparisons, v_is_taken, v_matches
        from pymap._weigh_candidates(v_candidates, v_told, p_client_id, p_tenant_id) as c
        order by c.weight desc
        limit 1;
        if v_weight >= c_review and (v_matches <> 1 or v_is_taken) then
            return null;
        end if;
    end if;

    -- Locks and claims are taken in one order everywhere: media items, mappings, external IDs, clients.
    if v_matches = 1 then
        select i.external_ids
        into v_known_ids
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id and i.id = v_media_item_id and i.updated_at = v_updated_at
        for update;
        if not found then
            raise sqlstate 'PM999';
        end if;
    else
        v_evidence := null;
        v_weight := null;
        v_comparisons := null;
        v_media_item_id := nextval(pg_get_serial_sequence('pymap.media_items', 'id'));
    end if;
    insert into pymap.client_items (
        tenant_id, client_id, client_item_id, media_type, media_item_id, told_hash, title, title_key, title_is_unique,
        release_year, external_ids, evidence, weight, comparisons
    )
    values (
        p_tenant_id, p_client_id, c_client_item_id, c_media_type, v_media_item_id, pymap._told_hash(p_item),
        v_told.title, v_told.title_key, true, v_told.release_year, v_told.external_ids,
        v_evidence, v_weight, v_comparisons
    )
    on conflict do nothing;
    if not found then
        raise sqlstate 'PM999';
    end if;

    if v_told.external_ids <> '{}' then
        select coalesce(jsonb_agg(e.element order by s.key, v.id), '[]')
        into v_external_ids
        from jsonb_each(v_told.external_ids) as s
        cross join lateral jsonb_array_elements_text(s.value) as v (id)
        cross join lateral (select jsonb_build_object('source', s.key, 'id', v.id) as element) as e
        where not v_known_ids @> jsonb_build_array(e.element);
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
               where c.media_item_id <> all (v_candidates || v_media_item_id)
           )
        then
            -- A holder that was not known before has come in between.
            raise sqlstate 'PM999';
        end if;
    end if;

    v_sync_clients := jsonb_build_array(
        jsonb_build_object('clientId', p_client_id, 'clientType', p_client_type, 'itemId', c_client_item_id)
    );
    if v_matches = 1 then
        update pymap.media_items as i
        set sync_clients = i.sync_clients || v_sync_clients,
            external_ids = i.external_ids || v_external_ids,
            title = coalesce(i.title, v_told.title),
            release_year = coalesce(i.release_year, v_told.release_year)
        where i.tenant_id = p_tenant_id and i.id = v_media_item_id;
    else
        insert into pymap.media_items (tenant_id, id, type, title, release_year, sync_clients, external_ids, data)
        values (
            p_tenant_id, v_media_item_id, c_media_type, v_told.title, v_told.release_year, v_sync_clients, v_external_ids,
            p_data
        );
    end if;
    return v_media_item_id;
end
$function$;

comment on function pymap._create_mapping(bigint, text, jsonb, jsonb, bigint) is
'Private. One attempt to map a client item ID without the staging of a batch, to a new media item or to the only '
'candidate. Claims the keys, then writes the media item. Returns its ID, or that of an existing mapping. Returns NULL, '
'and writes nothing, if candidates compete or a sync would list one for review. Raises PM999 if another session was '
'faster; the caller then undoes everything and starts again.';

revoke all on function pymap._create_mapping(bigint, text, jsonb, jsonb, bigint) from public;
