-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._candidates_by_file(p_media_type text, p_path_key text, p_tenant_id bigint)
returns table (media_item_id bigint)
language sql
stable
parallel safe
as $function$
    select o.media_item_id
    from (
        select c.media_item_id
        from pymap.client_items as c
        where c.tenant_id = p_tenant_id and c.media_type = p_media_type and c.path_key = p_path_key
        union all
        -- A server may know one component more or fewer.
        select c.media_item_id
        from pymap.client_items as c
        where c.tenant_id = p_tenant_id
          and c.media_type = p_media_type
          and c.path_key = split_part(p_path_key, '/', 1) || '/' || split_part(p_path_key, '/', 2)
          and split_part(p_path_key, '/', 3) <> ''
        union all
        select c.media_item_id
        from pymap.client_items as c
        where c.tenant_id = p_tenant_id
          and c.media_type = p_media_type
          -- In bytewise order the character behind / is 0.
          and c.path_key > p_path_key || '/'
          and c.path_key < p_path_key || '0'
          and split_part(p_path_key, '/', 3) = ''
        limit 21
    ) as o
$function$;

comment on function pymap._candidates_by_file(text, text, bigint) is
'Private. Media items for which a client has reported the same last components of a path.';

revoke all on function pymap._candidates_by_file(text, text, bigint) from public;
