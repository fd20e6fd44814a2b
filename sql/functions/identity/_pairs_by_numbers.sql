create or replace function pymap._pairs_by_numbers(p_media_type text, p_tenant_id bigint)
returns table (media_item_id bigint, duplicate_id bigint, evidence text)
language plpgsql
stable
as $function$
begin
    return query
    select p.media_item_id, p.duplicate_id, 'numbers'
    from (
        select array_agg(i.id) as media_item_ids
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id
          and (p_media_type is null or i.type = p_media_type)
          and i.parent_id is not null
          and i.number is not null
        group by i.parent_id, i.type, i.parent_number, i.number
        having count(*) between 2 and 20
    ) as s
    cross join lateral pymap._pairs(s.media_item_ids) as p;
end
$function$;

comment on function pymap._pairs_by_numbers(text, bigint) is
'Private. Pairs of media items with the same parent and numbers, the older one first.';

revoke all on function pymap._pairs_by_numbers(text, bigint) from public;
grant execute on function pymap._pairs_by_numbers(text, bigint) to pymap_reader;
