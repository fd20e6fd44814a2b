create or replace function pymap.explain_match(
    p_client_id bigint,
    p_client_item_id text,
    p_media_type text,
    p_media_item_id bigint,
    p_tenant_id bigint default 0
)
returns table (field text, client_says text, media_item_says text, outcome text, weight integer)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_client_item_id constant text := pymap._stored_client_item_id(p_client_id, p_client_item_id, p_tenant_id);
    v_media_item_id bigint;
    v_client_item pymap.client_items;
    v_told pymap.description;
    v_others pymap.description[];
    v_mapping text;
begin
    perform pymap._require_tenant(p_tenant_id);
    perform pymap._check_media_type('p_media_type', p_media_type);
    v_media_item_id := pymap._live_media_item('p_media_item_id', p_media_item_id, p_tenant_id);

    select c.*
    into v_client_item
    from pymap.client_items as c
    where c.tenant_id = p_tenant_id
      and c.client_id = p_client_id
      and c.client_item_id = v_client_item_id
      and c.media_type = p_media_type;
    if not found then
        perform pymap._invalid_argument(
            'p_client_item_id', p_client_item_id,
            format('Client %s has no mapping of this ID for media type %s.', p_client_id, p_media_type)
        );
    end if;
    v_told := (
        v_client_item.title, v_client_item.title_key, v_client_item.title_is_unique, v_client_item.release_year,
        v_client_item.external_ids, v_client_item.parent_id, v_client_item.parent_number, v_client_item.number,
        v_client_item.path_key
    )::pymap.description;
    if v_client_item.media_item_id = v_media_item_id then
        v_mapping := case when v_client_item.told_hash is null then 'linked' else 'agrees' end;
    end if;

    -- What this mapping itself told is no evidence for it, unless nobody else says anything. It has taught the media item its
    -- external IDs.
    select coalesce(
               array_agg(
                   case
                       when d.client_id is null and d.others > 0 and v_mapping is not null
                       then (null, null, null, null, x.external_ids, null, null, null, null)::pymap.description
                       else d.description
                   end
               ),
               '{}'
           )
    into v_others
    from (
        select o.*, count(o.client_id) over () as others
        from pymap._descriptions(v_media_item_id, p_tenant_id) as o
        where (o.client_id, o.client_item_id) is distinct from (p_client_id, v_client_item_id)
    ) as d
    cross join lateral (
        select coalesce(jsonb_object_agg(s.source, s.ids), '{}') as external_ids
        from (
            select k.key as source, jsonb_agg(i.id order by i.id collate "C") as ids
            from jsonb_each((d.description).external_ids) as k
            cross join lateral jsonb_array_elements_text(k.value) as i (id)
            where (v_told).external_ids -> k.key ? i.id is not true
            group by k.key
        ) as s
    ) as x;

    return query
    select o.field, o.client_says, o.media_item_says, o.outcome, o.weight
    from (
        select 1 as turn, c.field,
               pymap._said(array[v_told], c.field) as client_says, pymap._said(v_others, c.field) as media_item_says,
               c.agreement::text as outcome, c.weight
        from pymap._compare(array[v_told], v_others) as c
        union all
        select 2, 'mapping', p_client_item_id, v_media_item_id::text, w.outcome, w.weight
        from pymap.match_weights as w
        where w.evidence = 'mapping' and w.outcome = v_mapping
    ) as o
    order by o.turn, o.weight desc, o.field;
end
$function$;

comment on function pymap.explain_match(bigint, text, text, bigint, bigint) is
$comment$Why a client item is, or is not, matched with a media item. Compares what the client reported with the media
item's columns and its other client items, and weighs each field as a sync does; see docs/matching.md.
Parameters: p_client_id, from 1 up; p_client_item_id, 1 to 1,024 bytes, one that is mapped; p_media_type, one of
pymap.media_types; p_media_item_id, the one that it is mapped to or any other; p_tenant_id.
Returns rows field ('title', 'year', 'place', 'file', the source of an external ID, 'mapping'), client_says,
media_item_says, outcome, weight, the heaviest first. The sum of the weights decides. A comparison without a weight
has no row.
Errors: P0002 if the media item does not exist; 22023 for a bad argument, also for a client item that is not mapped.$comment$;

revoke all on function pymap.explain_match(bigint, text, text, bigint, bigint) from public;
grant execute on function pymap.explain_match(bigint, text, text, bigint, bigint) to pymap_reader;
