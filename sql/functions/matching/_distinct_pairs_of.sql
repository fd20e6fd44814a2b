-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._distinct_pairs_of(p_media_item_id bigint, p_tenant_id bigint)
returns table (media_item_id bigint, other_id bigint, own_id bigint)
language sql
stable
as $function$
    select p.media_item_id, p.other_id, o.id
    from (
        select p_media_item_id as id
        union all
        select i.id from pymap.media_items as i where i.tenant_id = p_tenant_id and i.merged_into = p_media_item_id
    ) as o
    cross join lateral (
        select d.media_item_id, d.other_id
        from pymap.distinct_pairs as d
        where d.tenant_id = p_tenant_id and d.media_item_id = o.id
        union all
        select d.media_item_id, d.other_id
        from pymap.distinct_pairs as d
        where d.tenant_id = p_tenant_id and d.other_id = o.id
    ) as p
$function$;

comment on function pymap._distinct_pairs_of(bigint, bigint) is
'Private. The distinct pairs of a media item and of those that were merged into it (own_id).';

revoke all on function pymap._distinct_pairs_of(bigint, bigint) from public;
grant execute on function pymap._distinct_pairs_of(bigint, bigint) to pymap_reader;
