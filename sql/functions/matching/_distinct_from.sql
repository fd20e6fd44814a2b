create or replace function pymap._distinct_from(p_media_item_id bigint, p_tenant_id bigint)
returns setof bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select coalesce(i.merged_into, i.id)
    from pymap._distinct_pairs_of(p_media_item_id, p_tenant_id) as p
    cross join lateral (
        select o.id, o.merged_into
        from pymap.media_items as o
        where o.tenant_id = p_tenant_id
          and o.id = case p.own_id when p.media_item_id then p.other_id else p.media_item_id end
        offset 0
    ) as i;
end
$function$;

comment on function pymap._distinct_from(bigint, bigint) is
'Private. The media items that are known to be distinct from this one.';

revoke all on function pymap._distinct_from(bigint, bigint) from public;
grant execute on function pymap._distinct_from(bigint, bigint) to pymap_reader;
