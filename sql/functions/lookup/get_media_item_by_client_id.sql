create or replace function pymap.get_media_item_by_client_id(
    p_client_id bigint,
    p_client_item_id text,
    p_tenant_id bigint default 0
)
returns bigint
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_media_item_id bigint;
    v_count bigint;
    v_stored_id text;
begin
    select min(m.media_item_id), count(*)
    into v_media_item_id, v_count
    from pymap.client_items as m
    where m.tenant_id = p_tenant_id and m.client_id = p_client_id and m.client_item_id = p_client_item_id;

    if v_count = 1 then
        return v_media_item_id;
    elsif v_count > 1 then
        perform pymap._ambiguous_client_item_id(p_client_id, p_client_item_id, p_tenant_id);
    end if;

    -- Only a miss pays for the checks and for another spelling of the same ID.
    v_stored_id := pymap._stored_client_item_id(p_client_id, p_client_item_id, p_tenant_id);
    if v_stored_id <> p_client_item_id then
        return pymap.get_media_item_by_client_id(p_client_id, v_stored_id, p_tenant_id);
    end if;
    return null;
end
$function$;

comment on function pymap.get_media_item_by_client_id(bigint, text, bigint) is
$comment$The media item that a client's item ID stands for.
Parameters: p_client_id, from 1 up; p_client_item_id, 1 to 1,024 bytes; p_tenant_id.
Returns the media item's ID; NULL if the ID is not mapped.
Errors: PM002 if the ID stands for several media types (DETAIL names them); 22023 for a bad argument.$comment$;

revoke all on function pymap.get_media_item_by_client_id(bigint, text, bigint) from public;
grant execute on function pymap.get_media_item_by_client_id(bigint, text, bigint) to pymap_reader;
