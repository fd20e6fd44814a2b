-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._candidates_by_place(
    p_media_type text,
    p_parent_id bigint,
    p_title_key text,
    p_parent_number integer,
    p_number integer,
    p_tenant_id bigint
)
returns table (media_item_id bigint)
language sql
stable
parallel safe
as $function$
    select o.media_item_id
    from (
        select c.media_item_id
        from pymap.client_items as c
        where c.tenant_id = p_tenant_id
          and c.parent_id = p_parent_id
          and c.media_type = p_media_type
          and c.number = p_number
          and coalesce(c.parent_number, 1) = coalesce(p_parent_number, 1)
        union all
        select c.media_item_id
        from pymap.client_items as c
        where c.tenant_id = p_tenant_id
          and c.parent_id = p_parent_id
          and c.media_type = p_media_type
          and c.title_key = p_title_key
        union all
        select i.id
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id
          and i.parent_id = p_parent_id
          and i.type = p_media_type
          and i.number = p_number
          and coalesce(i.parent_number, 1) = coalesce(p_parent_number, 1)
        union all
        select i.id
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id
          and i.parent_id = p_parent_id
          and i.type = p_media_type
          and i.title_key = p_title_key
        limit 100
    ) as o
$function$;

comment on function pymap._candidates_by_place(text, bigint, text, integer, integer, bigint) is
'Private. Media items below a parent that have the same numbers or the same folded title.';

revoke all on function pymap._candidates_by_place(text, bigint, text, integer, integer, bigint) from public;
