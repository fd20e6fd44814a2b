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
    with items as materialized (
        select l.position, l.item, l.item ->> 'itemId' as asked_id,
               pymap.normalize_client_item_id(p_client_type, l.item ->> 'itemId') collate "C" as client_item_id,
               l.item ->> 'type' collate "C" as media_type,
               hashtextextended((l.item - 'data')::text, 0) as told_hash
        from pg_temp.pymap_listing as l
        where not (l.item ? 'error') and not (l.item ? 'listing')
    ),
    -- One entry for each key, whatever the order of the listing; what copies of an entry know is put together.
    copies as (
        select i.client_item_id, i.media_type, min(i.position) as position, array_agg(distinct i.asked_id) as asked_ids,
               hashtextextended(array_agg(i.told_hash order by i.told_hash)::text, 0) as told_hash,
               (array_agg(i.item order by i.told_hash))[1] || jsonb_build_object('externalIds', jsonb_path_query_array(
                   jsonb_agg(pymap._with_title_ids(
                       pymap.normalize_external_ids(i.item -> 'externalIds', i.media_type), i.item ->> 'title'
                   )), '$[*][*]'
               )) as item
        from items as i
        where (i.client_item_id, i.media_type) in (
            select o.client_item_id, o.media_type from items as o group by 1, 2 having count(*) > 1
        )
        group by i.client_item_id, i.media_type
    ),
    entries as (
        select c.client_item_id, c.media_type, c.position, c.asked_ids, c.told_hash, c.item from copies as c
        union all
        select i.client_item_id, i.media_type, i.position, array[i.asked_id], i.told_hash, i.item
        from items as i
        where not exists (
            select from copies as c where c.client_item_id = i.client_item_id and c.media_type = i.media_type
        )
    ),
    known as (
        select e.*, row_number() over (order by e.client_item_id, e.media_type) as n,
               pymap.normalize_client_item_id(p_client_type, e.item ->> 'parentItemId') collate "C" as parent_item_id,
               m.level, m.number_key, m.parent_number_key, m.path_parts, m.is_folder, c.media_item_id as known_id,
               c.parent_id as known_parent_id, coalesce(c.told_hash = e.told_hash, false) as is_unchanged,
               c.title, c.title_key, c.release_year, c.external_ids, c.parent_number, c.number, c.path_key
        from entries as e
        join pymap.media_types as m on m.name = e.media_type
        left join pymap.client_items as c
            on c.tenant_id = p_tenant_id
            and c.client_id = p_client_id
            and c.client_item_id = e.client_item_id
            and c.media_type = e.media_type
    )
    select k.n, k.position, k.asked_ids, k.client_item_id, k.media_type, k.level, k.told_hash, k.parent_item_id, k.title,
           k.title_key, k.release_year, k.external_ids, '{}', k.known_parent_id, k.parent_number, k.number, k.path_key,
           k.known_id, k.known_parent_id, true, k.n, k.known_id, 'kept'
    from known as k
    where k.is_unchanged
    union all
    select k.n, k.position, k.asked_ids, k.client_item_id, k.media_type, k.level, k.told_hash, k.parent_item_id, r.title,
           pymap._title_key(r.title), r.release_year, r.external_ids, coalesce(nullif(k.item -> 'data', 'null'), '{}'), null,
           (k.item ->> k.parent_number_key)::integer, (k.item ->> k.number_key)::integer,
           case
               when k.item ->> 'path' is not null then pymap._path_key(k.item ->> 'path', k.path_parts, k.is_folder)
           end,
           k.known_id, k.known_parent_id, false, k.n, null, null
    from known as k
    cross join lateral pymap._read_item(k.item) as r
    where not k.is_unchanged;

    if exists (select from pg_temp.pymap_entries as e where not e.is_unchanged) then
        perform pymap._analyze_entries();
        perform pymap._analyze_stored();
        perform pymap._mark_ambiguous_entries();
    end if;
end
$function$;

comment on function pymap._stage_entries(bigint, text, bigint) is
'Private. Puts the items of pg_temp.pymap_listing into pg_temp.pymap_entries, one row for each client item ID and media '
'type, with the media item of the mapping that there is. What the client told before as well is not read again.';

revoke all on function pymap._stage_entries(bigint, text, bigint) from public;
