create or replace function pymap.link_client_item(
    p_media_item_id bigint,
    p_client_id bigint,
    p_client_type text,
    p_client_item_id text,
    p_tenant_id bigint default 0
)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_sync_client jsonb;
    v_media_item_id bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._check_client_id('p_client_id', p_client_id);
    perform pymap._check_client_type('p_client_type', p_client_type);
    perform pymap._check_client_item_id('p_client_item_id', p_client_item_id);
    perform pymap._check_client(p_client_id, p_client_type, p_tenant_id);

    v_sync_client := jsonb_build_object(
        'clientId', p_client_id, 'clientType', p_client_type,
        'itemId', pymap.normalize_client_item_id(p_client_type, p_client_item_id)
    );
    for v_attempt in 1..100 loop
        v_media_item_id := pymap.resolve_media_item(p_media_item_id, p_tenant_id);
        update pymap.media_items as i
        set sync_clients = i.sync_clients || v_sync_client
        where i.tenant_id = p_tenant_id
          and i.id = v_media_item_id
          and i.merged_into is null
          and not i.sync_clients @> jsonb_build_array(v_sync_client);
        if found then
            return true;
        end if;
        if exists (
            select
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id
              and i.id = v_media_item_id
              and i.sync_clients @> jsonb_build_array(v_sync_client)
        ) then
            return false;
        end if;
        -- Merged or deleted between the two statements: look again.
    end loop;

    perform pymap._give_up();
    return null;
end
$function$;

comment on function pymap.link_client_item(bigint, bigint, text, text, bigint) is
$comment$Adds a mapping to an existing media item.
Parameters: p_media_item_id, also the ID of one that was merged into another; p_client_id, from 1 up; p_client_type,
such as 'plex'; p_client_item_id, 1 to 1,024 bytes; p_tenant_id.
Returns true if the mapping was added, false if it existed already.
Errors: PM001 if the ID is mapped to another media item (DETAIL names it); PM003 if the client is of another type;
P0002 if the media item does not exist; 22023 for a bad argument; 40001 if other sessions were faster a hundred times.$comment$;

revoke all on function pymap.link_client_item(bigint, bigint, text, text, bigint) from public;
grant execute on function pymap.link_client_item(bigint, bigint, text, text, bigint) to pymap_writer;
