create or replace function pymap.get_media_item_by_client_id_and_type(
    p_client_id bigint,
    p_client_item_id text,
    p_media_type text,
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
    v_stored_id text;
begin
    select m.media_item_id
    into v_media_item_id
    from pymap.client_items as m
    where m.tenant_id = p_tenant_id
      and m.client_id = p_client_id
      and m.client_item_id = p_client_item_id
      and m.media_type = p_media_type;

    if found then
        return v_media_item_id;
    end if;

    perform pymap._check_media_type('p_media_type', p_media_type);
    v_stored_id := pymap._stored_client_item_id(p_client_id, p_client_item_id, p_tenant_id);
    if v_stored_id <> p_client_item_id then
        return pymap.get_media_item_by_client_id_and_type(p_client_id, v_stored_id, p_media_type, p_tenant_id);
    end if;
    return null;
end
$function$;

comment on function pymap.get_media_item_by_client_id_and_type(bigint, text, text, bigint) is
$comment$The media item of one media type that a client's item ID stands for; never ambiguous.
Parameters: p_client_id, from 1 up; p_client_item_id, 1 to 1,024 bytes; p_media_type, one of pymap.media_types;
p_tenant_id.
Returns the media item's ID; NULL if the ID is not mapped for that type. Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_media_item_by_client_id_and_type(bigint, text, text, bigint) from public;
grant execute on function pymap.get_media_item_by_client_id_and_type(bigint, text, text, bigint) to pymap_reader;
