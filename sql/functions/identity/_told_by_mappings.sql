create or replace function pymap._told_by_mappings(
    p_media_item_id bigint,
    p_sync_clients jsonb,
    p_tenant_id bigint,
    out title text,
    out release_year integer,
    out parent_id bigint,
    out parent_number integer,
    out number integer,
    out external_ids jsonb,
    out kept_ids jsonb
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    select (array_agg(c.title order by c.client_id, c.client_item_id) filter (where s.goes and c.title is not null))[1],
           (array_agg(c.release_year order by c.client_id, c.client_item_id) filter (where s.goes and c.release_year is not null))[1],
           (array_agg(c.parent_id order by c.client_id, c.client_item_id) filter (where s.goes and c.parent_id is not null))[1],
           (array_agg(c.parent_number order by c.client_id, c.client_item_id) filter (where s.goes and c.number is not null))[1],
           (array_agg(c.number order by c.client_id, c.client_item_id) filter (where s.goes and c.number is not null))[1],
           jsonb_path_query_array(coalesce(jsonb_agg(x.ids) filter (where s.goes), '[]'), '$[*][*]'),
           jsonb_path_query_array(coalesce(jsonb_agg(x.ids) filter (where not s.goes), '[]'), '$[*][*]')
    into title, release_year, parent_id, parent_number, number, external_ids, kept_ids
    from pymap.client_items as c
    cross join lateral (
        select exists (
            select
            from jsonb_array_elements(p_sync_clients) as e (element)
            where e.element -> 'clientId' = to_jsonb(c.client_id) and e.element ->> 'itemId' = c.client_item_id
        )
    ) as s (goes)
    cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('source', k.key, 'id', v.id)), '[]') as ids
        from jsonb_each(c.external_ids) as k
        cross join lateral jsonb_array_elements_text(k.value) as v (id)
    ) as x
    where c.tenant_id = p_tenant_id and c.media_item_id = p_media_item_id;
end
$function$;

comment on function pymap._told_by_mappings(bigint, jsonb, bigint) is
'Private. What clients reported of some mappings of a media item, put together: title, year, parent, numbers, external '
'IDs. kept_ids are the external IDs that came with its other mappings.';

revoke all on function pymap._told_by_mappings(bigint, jsonb, bigint) from public;
