create or replace function pymap._merge_items(p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    if not exists (select from pg_temp.pymap_merges) then
        return;
    end if;

    -- Their lookup keys are given up already: the triggers must not see them arrive with the rest.
    update pymap.media_items as i
    set sync_clients = pymap._without_client_items(i.sync_clients, p_client_id, l.client_item_ids)
    from (
        select o.known_id, array_agg(o.client_item_id) as client_item_ids
        from pg_temp.pymap_losses as o
        where o.known_id in (
            select m.keep_id from pg_temp.pymap_merges as m union select m.duplicate_id from pg_temp.pymap_merges as m
        )
        group by o.known_id
    ) as l
    where i.tenant_id = p_tenant_id and i.id = l.known_id;

    perform pymap._note_merges(p_tenant_id);
    update pymap.client_items as c
    set evidence = 'merge', weight = m.weight, comparisons = m.comparisons
    from pg_temp.pymap_merges as m
    where c.tenant_id = p_tenant_id and c.media_item_id = m.duplicate_id;

    -- One statement: what the duplicates give up is free when the triggers hand it to the items that stay.
    update pymap.media_items as i
    set sync_clients = case when c.merged_into is null then i.sync_clients || c.sync_clients else '[]' end,
        external_ids = case when c.merged_into is null then i.external_ids || c.external_ids else '[]' end,
        title = coalesce(i.title, c.title),
        release_year = coalesce(i.release_year, c.release_year),
        parent_id = case when c.merged_into is null then coalesce(i.parent_id, c.parent_id) end,
        parent_number = coalesce(i.parent_number, c.parent_number),
        number = coalesce(i.number, c.number),
        merged_into = c.merged_into
    from (
        select m.keep_id as id, null::bigint as merged_into,
               jsonb_path_query_array(jsonb_agg(d.sync_clients order by d.id), '$[*][*]') as sync_clients,
               jsonb_path_query_array(jsonb_agg(d.external_ids order by d.id), '$[*][*]') as external_ids,
               (array_agg(d.title order by d.id) filter (where d.title is not null))[1] as title,
               (array_agg(d.release_year order by d.id) filter (where d.release_year is not null))[1] as release_year,
               (array_agg(d.parent_id order by d.id) filter (where d.parent_id is not null))[1] as parent_id,
               (array_agg(d.parent_number order by d.id) filter (where d.parent_number is not null))[1] as parent_number,
               (array_agg(d.number order by d.id) filter (where d.number is not null))[1] as number
        from pg_temp.pymap_merges as m
        cross join lateral (
            select o.* from pymap.media_items as o where o.tenant_id = p_tenant_id and o.id = m.duplicate_id offset 0
        ) as d
        group by m.keep_id
        union all
        select m.duplicate_id, m.keep_id, null, null, null, null, null, null, null from pg_temp.pymap_merges as m
    ) as c
    where i.tenant_id = p_tenant_id and i.id = c.id;

    -- Children and older redirects follow, so that no redirect leads to another one.
    update pymap.media_items as i
    set parent_id = coalesce(p.keep_id, i.parent_id), merged_into = coalesce(r.keep_id, i.merged_into)
    from (
        select o.id, o.parent_id, o.merged_into
        from pg_temp.pymap_merges as m
        cross join lateral (
            select a.id, a.parent_id, a.merged_into
            from pymap.media_items as a
            where a.tenant_id = p_tenant_id and m.duplicate_id = a.parent_id
            union
            select a.id, a.parent_id, a.merged_into
            from pymap.media_items as a
            where a.tenant_id = p_tenant_id and m.duplicate_id = a.merged_into
        ) as o
    ) as f
    left join pg_temp.pymap_merges as p on p.duplicate_id = f.parent_id
    left join pg_temp.pymap_merges as r on r.duplicate_id = f.merged_into
    where i.tenant_id = p_tenant_id and i.id = f.id;
    update pymap.client_items as c
    set parent_id = m.keep_id
    from pg_temp.pymap_merges as m
    where c.tenant_id = p_tenant_id and c.parent_id = m.duplicate_id;
end
$function$;

comment on function pymap._merge_items(bigint, bigint) is
'Private. Merges media items as pg_temp.pymap_merges says. Mappings, external IDs and children go to the item that '
'stays; the duplicate becomes a redirect. Mappings of pg_temp.pymap_losses do not come along. The caller has locked all '
'items.';

revoke all on function pymap._merge_items(bigint, bigint) from public;
