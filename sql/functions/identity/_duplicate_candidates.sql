create or replace function pymap._duplicate_candidates(p_media_type text, p_tenant_id bigint)
returns table (media_item_id bigint, duplicate_id bigint)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- Evidence that more than twenty media items share is ignored.
    return query
    select p.media_item_id, p.duplicate_id
    from (
        select array_agg(x.media_item_id) as media_item_ids
        from pymap.external_ids as x
        where x.tenant_id = p_tenant_id and (p_media_type is null or x.media_type = p_media_type)
        group by x.source, x.external_id, x.media_type
        having count(*) between 2 and 20
        union all
        select array_agg(distinct c.media_item_id)
        from pymap.client_items as c
        where c.tenant_id = p_tenant_id and (p_media_type is null or c.media_type = p_media_type) and c.path_key is not null
        group by c.media_type, c.path_key
        having count(distinct c.media_item_id) between 2 and 20
        union all
        select array_agg(distinct t.media_item_id)
        from (
            select c.media_item_id, c.media_type, c.title_key, c.parent_id, c.number
            from pymap.client_items as c
            where c.tenant_id = p_tenant_id
            union all
            select i.id, i.type, i.title_key, i.parent_id, i.number
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id and i.merged_into is null
        ) as t
        join pymap.media_types as m on m.name = t.media_type and m.title_identifies
        where (p_media_type is null or t.media_type = p_media_type)
          and t.title_key is not null
          and (t.number is null or t.parent_id is not null)
        group by t.media_type, t.title_key, case when t.number is not null then t.parent_id end
        having count(distinct t.media_item_id) between 2 and 20
        union all
        select array_agg(distinct t.media_item_id)
        from (
            select c.media_item_id, c.media_type, c.parent_id, c.parent_number, c.number
            from pymap.client_items as c
            where c.tenant_id = p_tenant_id
            union all
            select i.id, i.type, i.parent_id, i.parent_number, i.number
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id
        ) as t
        where (p_media_type is null or t.media_type = p_media_type) and t.parent_id is not null and t.number is not null
        group by t.media_type, t.parent_id, coalesce(t.parent_number, 1), t.number
        having count(distinct t.media_item_id) between 2 and 20
    ) as s
    cross join lateral pymap._pairs(s.media_item_ids) as p
    group by p.media_item_id, p.duplicate_id;
end
$function$;

comment on function pymap._duplicate_candidates(text, bigint) is
'Private. Pairs of media items of one type that share an external ID, a file, a title or a place; the older one comes '
'first.';

revoke all on function pymap._duplicate_candidates(text, bigint) from public;
grant execute on function pymap._duplicate_candidates(text, bigint) to pymap_reader;
