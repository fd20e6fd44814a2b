-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._candidates_by_external_id(p_media_type text, p_external_ids jsonb, p_tenant_id bigint)
returns table (media_item_id bigint)
language sql
stable
parallel safe
as $function$
    select h.media_item_id
    from jsonb_each(p_external_ids) as s
    cross join lateral jsonb_array_elements_text(s.value) as v (id)
    cross join lateral (
        -- One on more than twenty media items, such as a series' ID on all its episodes, says nothing.
        select o.media_item_id, count(*) over () as holders
        from (
            select x.media_item_id
            from pymap.external_ids as x
            where x.tenant_id = p_tenant_id
              and x.source = s.key
              and x.external_id = v.id
              and x.media_type = p_media_type
            limit 21
        ) as o
    ) as h
    where h.holders <= 20
$function$;

comment on function pymap._candidates_by_external_id(text, jsonb, bigint) is
'Private. Media items that share an external ID: {"imdb": ["tt0133093"], …}.';

revoke all on function pymap._candidates_by_external_id(text, jsonb, bigint) from public;
