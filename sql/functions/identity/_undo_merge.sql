create or replace function pymap._undo_merge(p_event pymap.event)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_duplicate_id constant bigint := p_event.media_item_before;
    v_keep_id constant bigint := p_event.media_item_after;
    v_details constant jsonb := p_event.details;
    v_filled constant jsonb := p_event.details -> 'filled';
    -- As they are now: keys that pymap does not know may have changed.
    v_sync_clients constant jsonb := (
        select coalesce(jsonb_agg(c.element order by d.position), '[]')
        from jsonb_array_elements(p_event.details -> 'sync_clients') with ordinality as d (element, position)
        join pymap.media_items as i on i.tenant_id = p_event.tenant_id and i.id = p_event.media_item_after
        join lateral jsonb_array_elements(i.sync_clients) as c (element)
            on c.element -> 'clientId' = d.element -> 'clientId' and c.element -> 'itemId' = d.element -> 'itemId'
    );
    v_children bigint[];
    v_redirects bigint[];
begin
    perform pymap._check_undo_merge(p_event);

    v_children := array(select i.id::bigint from jsonb_array_elements_text(v_details -> 'children') as i (id));
    v_redirects := array(select i.id::bigint from jsonb_array_elements_text(v_details -> 'redirects') as i (id));

    update pymap.client_items as c
    set evidence = 'undo', weight = null, comparisons = null
    from jsonb_array_elements(v_sync_clients) as s (element)
    where c.tenant_id = p_event.tenant_id
      and c.media_item_id = v_keep_id
      and c.client_id = (s.element ->> 'clientId')::bigint
      and c.client_item_id = s.element ->> 'itemId';

    -- One statement: what the media item that was kept gives back is free when the triggers hand it over.
    update pymap.media_items as i
    set sync_clients = case i.id
            when v_duplicate_id then v_sync_clients
            else pymap._without_elements(i.sync_clients, v_details -> 'sync_clients', 'clientId', 'itemId')
        end,
        external_ids = case i.id
            when v_duplicate_id then v_details -> 'external_ids'
            else pymap._without_elements(i.external_ids, v_details -> 'new_external_ids', 'source', 'id')
        end,
        merged_into = null,
        parent_id = case i.id
            -- The parent may have been merged in its turn.
            when v_duplicate_id then (
                select coalesce(p.merged_into, p.id)
                from pymap.media_items as p
                where p.tenant_id = p_event.tenant_id and p.id = (v_details ->> 'parent_id')::bigint
            )
            else nullif(
                i.parent_id,
                (
                    select coalesce(p.merged_into, p.id)
                    from pymap.media_items as p
                    where p.tenant_id = p_event.tenant_id and p.id = (v_filled ->> 'parent_id')::bigint
                )
            )
        end,
        title = case when i.id = v_duplicate_id then i.title else nullif(i.title, v_filled ->> 'title') end,
        release_year = case
            when i.id = v_duplicate_id then i.release_year
            else nullif(i.release_year, (v_filled ->> 'release_year')::integer)
        end,
        parent_number = case
            when i.id = v_duplicate_id then i.parent_number
            else nullif(i.parent_number, (v_filled ->> 'parent_number')::integer)
        end,
        number = case
            when i.id = v_duplicate_id then i.number else nullif(i.number, (v_filled ->> 'number')::integer)
        end
    where i.tenant_id = p_event.tenant_id and i.id in (v_duplicate_id, v_keep_id);

    update pymap.media_items as i
    set parent_id = v_duplicate_id
    where i.tenant_id = p_event.tenant_id and i.id = any (v_children) and i.parent_id = v_keep_id;
    update pymap.client_items as c
    set parent_id = v_duplicate_id
    from pymap.media_items as i
    where i.tenant_id = p_event.tenant_id
      and i.parent_id = v_duplicate_id
      and i.id = any (v_children)
      and c.tenant_id = p_event.tenant_id
      and c.media_item_id = i.id
      and c.parent_id = v_keep_id;
    update pymap.media_items as i
    set merged_into = v_duplicate_id
    where i.tenant_id = p_event.tenant_id and i.id = any (v_redirects);
end
$function$;

comment on function pymap._undo_merge(pymap.event) is
'Private. Takes a merge apart into the two media items as they were. Errors: PM005 if a later change prevents it.';

revoke all on function pymap._undo_merge(pymap.event) from public;
