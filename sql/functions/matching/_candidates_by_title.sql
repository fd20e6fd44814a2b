-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._candidates_by_title(p_media_type text, p_title_key text, p_tenant_id bigint)
returns table (media_item_id bigint)
language sql
stable
parallel safe
as $function$
    select h.media_item_id
    from (
        select o.media_item_id, count(*) over () as holders
        from (
            select distinct f.media_item_id
            from (
                select c.media_item_id
                from pymap.client_items as c
                where c.tenant_id = p_tenant_id
                  and c.media_type = p_media_type
                  and c.title_key = p_title_key
                  and c.number is null
                union all
                select i.id
                from pymap.media_items as i
                where i.tenant_id = p_tenant_id
                  and i.type = p_media_type
                  and i.title_key = p_title_key
                  and i.number is null
                  and i.merged_into is null
                limit 200
            ) as f
        ) as o
    ) as h
    where h.holders <= 20
$function$;

comment on function pymap._candidates_by_title(text, text, bigint) is
'Private. Media items without a number that have this folded title, or for which a client has reported it. A title that '
'more than twenty media items have is ignored.';

revoke all on function pymap._candidates_by_title(text, text, bigint) from public;
