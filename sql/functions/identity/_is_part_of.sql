create or replace function pymap._is_part_of(p_media_item_id bigint, p_ancestor_id bigint, p_tenant_id bigint)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return exists (
        with recursive ancestors as (
            select i.parent_id from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = p_media_item_id
            union
            select i.parent_id
            from ancestors as a
            join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = a.parent_id
        )
        select from ancestors as a where a.parent_id = p_ancestor_id
    );
end
$function$;

comment on function pymap._is_part_of(bigint, bigint, bigint) is
'Private. Whether a media item is a part, or a part of a part, of another one.';

revoke all on function pymap._is_part_of(bigint, bigint, bigint) from public;
