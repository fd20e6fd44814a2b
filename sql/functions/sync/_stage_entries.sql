create or replace function pymap._stage_entries(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    insert into pg_temp.pymap_entries (
        n, position, asked_ids, client_item_id, media_type, level, told_hash, parent_item_id, title, title_key, release_year,
        external_ids, data, parent_id, parent_number, number, path_key, known_id, known_parent_id, is_unchanged, group_n,
        media_item_id, action
    )
    -- Sorted and joined without the items, which are wide.
    with keys as (
        select k.*, count(*) over same as copies, dense_rank() over (order by k.client_item_id, k.media_type) as n
        from (
            select l.position, l.item ->> 'itemId' as asked_id,
                   pymap.normalize_client_item_id(p_client_type, l.item ->> 'itemId') collate "C" as client_item_id,
                   l.item ->> 'type' collate "C" as media_type, pymap._told_hash(l.item) as told_hash
            from pg_temp.pymap_listing as l
            where not (l.item ? 'error') and not (l.item ? 'listing')
            offset 0
        ) as k
        window same as (partition by k.client_item_id, k.media_type)
    ),
    -- One entry for each key, whatever the order of the listing; what copies of an entry know is put together.
    entries as (
        select k.n, k.client_item_id, k.media_type, k.position, array[k.asked_id] as asked_ids, k.told_hash, null::jsonb as item
        from keys as k
        where k.copies = 1
        union all
        select k.n, k.client_item_id, k.media_type, min(k.position), array_agg(distinct k.asked_id),
               hashtextextended(array_agg(k.told_hash order by k.told_hash)::text, 0),
               (array_agg(l.item order by k.told_hash))[1] || jsonb_build_object('externalIds', jsonb_path_query_array(
                   jsonb_agg(pymap._with_title_ids(
                       pymap.normalize_external_ids(l.item -> 'externalIds', k.media_type), l.item ->> 'title'
                   )), '$[*][*]'
               ))
        from keys as k
        join pg_temp.pymap_listing as l on l.position = k.position
        where k.copies > 1
        group by k.n, k.client_item_id, k.media_type
    )
    select e.n, e.position, e.asked_ids, e.client_item_id, e.media_type, m.level, e.told_hash, t.parent_item_id, t.title,
           t.title_key, t.release_year, t.external_ids, t.data, t.parent_id, t.parent_number, t.number, t.path_key,
           c.media_item_id, c.parent_id, t.is_unchanged, e.n, t.media_item_id, t.action
    from entries as e
    join pymap.media_types as m on m.name = e.media_type
    join pg_temp.pymap_listing as l on l.position = e.position
    left join pymap.client_items as c
        on c.tenant_id = p_tenant_id
        and c.client_id = p_client_id
        and c.client_item_id = e.client_item_id
        and c.media_type = e.media_type
    cross join lateral (
        select true as is_unchanged, c.parent_item_id, c.title, c.title_key, c.release_year, c.external_ids, '{}'::jsonb as data,
               c.parent_id, c.parent_number, c.number, c.path_key, c.media_item_id, 'kept' as action
        where c.told_hash = e.told_hash
        union all
        select false, pymap.normalize_client_item_id(p_client_type, r.item ->> 'parentItemId'), r.title,
               pymap._title_key(r.title), r.release_year, r.external_ids, coalesce(nullif(r.item -> 'data', 'null'), '{}'), null,
               (r.item ->> m.parent_number_key)::integer, (r.item ->> m.number_key)::integer,
               case
                   when r.item ->> 'path' is not null then pymap._path_key(r.item ->> 'path', m.path_parts, m.is_folder)
               end,
               null, null
        from (
            select i.item, o.title, o.release_year, o.external_ids
            from (select coalesce(e.item, l.item) as item) as i
            cross join lateral pymap._read_item(i.item) as o
            -- Else each of them would be worked out for every use.
            offset 0
        ) as r
        where c.told_hash is distinct from e.told_hash
    ) as t;

    if exists (select from pg_temp.pymap_entries as e where not e.is_unchanged) then
        perform pymap._analyze_entries();
        perform pymap._analyze_stored();
        perform pymap._mark_ambiguous_entries();
    end if;
end
$function$;

comment on function pymap._stage_entries(bigint, text, bigint) is
'Private. Puts the items of pg_temp.pymap_listing into pg_temp.pymap_entries, one row for each client item ID and media '
'type, with the media item that it is mapped to. Items that the client reported unchanged are not read again.';

revoke all on function pymap._stage_entries(bigint, text, bigint) from public;
