create or replace function pymap._pairs_by_external_ids(p_media_type text, p_tenant_id bigint)
returns table (media_item_id bigint, duplicate_id bigint, evidence text)
language plpgsql
stable
as $function$
begin
    return query
    select distinct p.media_item_id, p.duplicate_id, 'external_ids'
    from (
        select array_agg(x.media_item_id) as media_item_ids
        from pymap.external_ids as x
        where x.tenant_id = p_tenant_id and (p_media_type is null or x.media_type = p_media_type)
        group by x.source, x.external_id, x.media_type
        having count(*) between 2 and 20
    ) as s
    cross join lateral pymap._pairs(s.media_item_ids) as p;
end
$function$;

comment on function pymap._pairs_by_external_ids(text, bigint) is
'Private. Pairs of media items of one type that share an external ID, the older one first.';

revoke all on function pymap._pairs_by_external_ids(text, bigint) from public;
grant execute on function pymap._pairs_by_external_ids(text, bigint) to pymap_reader;
