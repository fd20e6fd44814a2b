create or replace function pymap._stage_entries(
    p_client_id bigint,
    p_client_type text,
    p_compare boolean,
    p_tenant_id bigint
)
returns void
language plpgsql
as $function$
begin
    -- One entry for each key, whatever the order of the listing; what the copies know is put together.
    insert into pg_temp.pymap_entries (
        n, position, asked_ids, client_item_id, media_type, title, release_year, external_ids, data,
        parent_item_id, parent_number, number, known_id, known_parent_id, media_item_id, action, open
    )
    with items as materialized (
        select l.position, r.item_id, r.media_type collate "C" as media_type, r.title, r.release_year, r.external_ids,
               r.data, r.parent_number, r.number,
               pymap.normalize_client_item_id(p_client_type, r.parent_item_id) as parent_item_id,
               pymap.normalize_client_item_id(p_client_type, r.item_id) collate "C" as client_item_id
        from pg_temp.pymap_listing as l, pymap._read_item(l.item) as r
        where l.item ->> 'error' is null
    ),
    copies as (
        select i.*,
               row_number() over best_first as copy,
               count(*) over one_key as copies,
               min(i.position) over one_key as first_position,
               array_agg(i.item_id) over one_key as asked_ids,
               jsonb_agg(i.external_ids) over one_key as all_external_ids
        from items as i
        window
            one_key as (partition by i.client_item_id, i.media_type),
            best_first as (
                one_key
                order by i.title collate "C", i.release_year, i.external_ids, i.data, i.parent_item_id collate "C",
                         i.parent_number, i.number
            )
    ),
    entries as (
        select c.*,
               case
                   when c.copies = 1 then c.external_ids
                   else pymap.normalize_external_ids(jsonb_path_query_array(c.all_external_ids, '$[*][*]'))
               end as told_ids
        from copies as c
        where c.copy = 1
    )
    select row_number() over (order by e.client_item_id, e.media_type), e.first_position, e.asked_ids,
           e.client_item_id, e.media_type, e.title, e.release_year, e.told_ids, e.data,
           e.parent_item_id, e.parent_number, e.number,
           k.id, k.parent_id, k.id, case when k.id is not null then 'kept' end,
           k.id is null
           or p_compare and (
               not k.external_ids @> e.told_ids
               or k.parent_id is null and e.parent_item_id is not null
               or k.parent_number is distinct from e.parent_number and e.parent_number is not null
               or k.number is distinct from e.number and e.number is not null
               or k.title is null and e.title is not null
               or k.release_year is null and e.release_year is not null
           )
    from entries as e
    -- offset 0: index probes, whatever the planner believes about the size of the tables.
    left join lateral (
        select i.id, i.external_ids, i.parent_id, i.parent_number, i.number, i.title, i.release_year
        from (
            select m.media_item_id
            from pymap.mappings as m
            where m.tenant_id = p_tenant_id
              and m.client_id = p_client_id
              and m.client_item_id = e.client_item_id
              and m.media_type = e.media_type
            offset 0
        ) as m
        cross join lateral (
            select o.* from pymap.media_items as o where o.tenant_id = p_tenant_id and o.id = m.media_item_id offset 0
        ) as i
        offset 0
    ) as k on true;
end
$function$;

comment on function pymap._stage_entries(bigint, text, boolean, bigint) is
'Private. Puts the items of pg_temp.pymap_listing into pg_temp.pymap_entries, one row for each client item ID and media '
'type, with the media item where there is a mapping. Those without one are open; with p_compare also those that tell what '
'their media item lacks, or other numbers.';

revoke all on function pymap._stage_entries(bigint, text, boolean, bigint) from public;
