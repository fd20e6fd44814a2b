create or replace function pymap.resolve_media_item(p_media_item_id bigint, p_tenant_id bigint default 0)
returns bigint
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_media_item_id bigint;
begin
    select coalesce(i.merged_into, i.id)
    into v_media_item_id
    from pymap.media_items as i
    where i.tenant_id = p_tenant_id and i.id = p_media_item_id;
    if not found then
        perform pymap._check_media_item('p_media_item_id', p_media_item_id, p_tenant_id);
    end if;
    return v_media_item_id;
end
$function$;

comment on function pymap.resolve_media_item(bigint, bigint) is
$comment$The media item that an ID stands for now: itself, or the one into which it was merged.
Parameters: p_media_item_id; p_tenant_id.
Returns a media item's ID. Errors: P0002 if the media item does not exist.$comment$;

revoke all on function pymap.resolve_media_item(bigint, bigint) from public;
grant execute on function pymap.resolve_media_item(bigint, bigint) to pymap_reader;
