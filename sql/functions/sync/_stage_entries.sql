create or replace function pymap._stage_entries(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    insert into pg_temp.pymap_entries (
        n, position, asked_ids, client_item_id, media_type, level, told_hash, parent_item_id, title, title_key,
        title_is_unique, release_year, external_ids, data, parent_number, number, path_key, known_id, known_parent_id,
        is_unchanged
    )
    with items as (
        select row_number() over (order by l.position) as position, l.item, l.item ->> 'itemId' as asked_id,
               pymap.normalize_client_item_id(p_client_type, l.item ->> 'itemId') collate "C" as client_item_id,
               l.item ->> 'type' collate "C" as media_type,
               hashtextextended((l.item - 'data')::text, 0) as told_hash
        from pg_temp.pymap_listing as l
    ),
    -- One entry for each key, whatever the order of the listing.
    entries as materialized (
        select i.client_item_id, i.media_type, min(i.position) as position, array_agg(i.asked_id) as asked_ids,
               case count(*) when 1 then min(i.told_hash) else hashtextextended(array_agg(i.told_hash order by i.told_hash)::text, 0) end
                   as told_hash,
               (array_agg(i.item order by i.told_hash))[1]
               -- What the copies know is put together.
               || case count(*)
                   when 1 then '{}'
                   else jsonb_build_object('externalIds', pymap.normalize_external_ids(jsonb_path_query_array(
                       jsonb_agg(pymap.normalize_external_ids(i.item -> 'externalIds', i.media_type)), '$[*][*]'
                   )))
               end as item
        from items as i
        where i.item -> 'error' is null and i.item -> 'listing' is null
        group by i.client_item_id, i.media_type
    ),
    known as (
        select e.*, m.level, m.number_key, m.parent_number_key, m.path_parts, m.is_folder, c.media_item_id as known_id,
               c.parent_id as known_parent_id, coalesce(c.told_hash = e.told_hash, false) as is_unchanged,
               c.title as known_title, c.title_key as known_title_key, c.release_year as known_year,
               c.external_ids as known_external_ids, c.path_key as known_path_key
        from entries as e
        join pymap.media_types as m on m.name = e.media_type
        left join pymap.client_items as c
            on c.tenant_id = p_tenant_id
            and c.client_id = p_client_id
            and c.client_item_id = e.client_item_id
            and c.media_type = e.media_type
    ),
    read as materialized (
        select k.client_item_id, k.media_type, k.position, k.asked_ids, k.level, k.told_hash, k.known_id, k.known_parent_id,
               k.is_unchanged, nullif(k.item -> 'data', 'null') as data,
               pymap.normalize_client_item_id(p_client_type, k.item ->> 'parentItemId') collate "C" as parent_item_id,
               (k.item ->> k.parent_number_key)::integer as parent_number, (k.item ->> k.number_key)::integer as number,
               case when k.is_unchanged then k.known_title else r.title end as title,
               case when k.is_unchanged then k.known_title_key else pymap._title_key(r.title) end as title_key,
               case when k.is_unchanged then k.known_year else r.release_year end as release_year,
               case when k.is_unchanged then k.known_external_ids else r.external_ids end as external_ids,
               case
                   when k.is_unchanged then k.known_path_key
                   when k.item -> 'path' is not null then pymap._path_key(k.item ->> 'path', k.path_parts, k.is_folder)
               end as path_key
        from known as k
        left join lateral (select o.* from pymap._read_item(k.item) as o offset 0) as r on not k.is_unchanged
    )
    select row_number() over (order by r.client_item_id, r.media_type), r.position, r.asked_ids, r.client_item_id,
           r.media_type, r.level, r.told_hash, r.parent_item_id, r.title, r.title_key,
           count(*) over (partition by r.media_type, r.parent_item_id, r.title_key) = 1,
           r.release_year, r.external_ids, coalesce(r.data, '{}'), r.parent_number, r.number,
           -- A path that several entries have tells nothing.
           case when count(*) over (partition by r.media_type, r.path_key) = 1 then r.path_key end,
           r.known_id, r.known_parent_id, r.is_unchanged
    from read as r;
    perform pymap._analyze_staging();
end
$function$;

comment on function pymap._stage_entries(bigint, text, bigint) is
'Private. Puts the items of pg_temp.pymap_listing into pg_temp.pymap_entries, one row for each client item ID and media '
'type, with the media item of the mapping that there is. What the client told before as well is not read again.';

revoke all on function pymap._stage_entries(bigint, text, bigint) from public;
