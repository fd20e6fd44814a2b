create or replace function pymap._stage_entries(
    p_client_id bigint,
    p_client_type text,
    p_items jsonb,
    p_tenant_id bigint
)
returns void
language plpgsql
as $function$
begin
    -- One entry for each key, whatever the order of the listing; what the copies know is put together.
    insert into pg_temp.pymap_entries
        (n, position, asked_ids, client_item_id, media_type, title, release_year, external_ids, data, media_item_id)
    with items as materialized (
        select i.position, r.item_id, r.media_type collate "C" as media_type, r.title, r.release_year, r.external_ids,
               r.data, pymap.normalize_client_item_id(p_client_type, r.item_id) collate "C" as client_item_id
        from jsonb_array_elements(p_items) with ordinality as i (item, position),
             pymap._read_item(i.item) as r
        where i.item ->> 'error' is null
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
            best_first as (one_key order by i.title collate "C", i.release_year, i.external_ids, i.data)
    )
    select row_number() over (order by c.client_item_id, c.media_type), c.first_position, c.asked_ids,
           c.client_item_id, c.media_type, c.title, c.release_year,
           case
               when c.copies = 1 then c.external_ids
               else pymap.normalize_external_ids(jsonb_path_query_array(c.all_external_ids, '$[*][*]'))
           end,
           c.data,
           -- A scalar subquery is an index probe, whatever the planner believes about the size of the table.
           (
               select m.media_item_id
               from pymap.mappings as m
               where m.tenant_id = p_tenant_id
                 and m.client_id = p_client_id
                 and m.client_item_id = c.client_item_id
                 and m.media_type = c.media_type
           )
    from copies as c
    where c.copy = 1;

    update pg_temp.pymap_entries as e set action = 'kept' where e.media_item_id is not null;
end
$function$;

comment on function pymap._stage_entries(bigint, text, jsonb, bigint) is
'Private. Puts the items of a listing into pg_temp.pymap_entries, one row for each client item ID and media type, '
'with the media item where there is a mapping.';

revoke all on function pymap._stage_entries(bigint, text, jsonb, bigint) from public;
