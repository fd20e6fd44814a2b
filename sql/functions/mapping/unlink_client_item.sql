create or replace function pymap.unlink_client_item(
    p_client_id bigint,
    p_client_item_id text,
    p_media_type text default null,
    p_tenant_id bigint default 0
)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_stored_id text := pymap._stored_client_item_id(p_client_id, p_client_item_id, p_tenant_id);
    v_pattern jsonb := jsonb_build_object('clientId', p_client_id, 'itemId', v_stored_id);
    v_media_item_id bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    for v_attempt in 1..100 loop
        if p_media_type is null then
            v_media_item_id := pymap.get_media_item_by_client_id(p_client_id, v_stored_id, p_tenant_id);
        else
            v_media_item_id := pymap.get_media_item_by_client_id_and_type(
                p_client_id, v_stored_id, p_media_type, p_tenant_id
            );
        end if;
        if v_media_item_id is null then
            return false;
        end if;

        update pymap.media_items as i
        set sync_clients = coalesce(
            (
                select jsonb_agg(c.element order by c.position)
                from jsonb_array_elements(i.sync_clients) with ordinality as c (element, position)
                where not c.element @> v_pattern
            ),
            '[]'
        )
        where i.tenant_id = p_tenant_id
          and i.id = v_media_item_id
          and i.sync_clients @> jsonb_build_array(v_pattern);
        if found then
            return true;
        end if;
        -- Somebody moved the mapping between the two statements: look again.
    end loop;

    perform pymap._give_up();
    return null;
end
$function$;

comment on function pymap.unlink_client_item(bigint, text, text, bigint) is
$comment$Removes a mapping; the media item stays.
Parameters: p_client_id, from 1 up; p_client_item_id, 1 to 1,024 bytes; p_media_type, needed only if the ID stands for
several media types; p_tenant_id.
Returns true if the mapping existed.
Errors: PM002 if p_media_type is NULL and the ID stands for several media types; 22023 for a bad argument;
40001 if other sessions were faster a hundred times.$comment$;

revoke all on function pymap.unlink_client_item(bigint, text, text, bigint) from public;
grant execute on function pymap.unlink_client_item(bigint, text, text, bigint) to pymap_writer;
