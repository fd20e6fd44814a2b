create or replace function pymap.sync_client_pattern(
    p_client_id bigint,
    p_client_item_id text,
    p_tenant_id bigint default 0
)
returns jsonb
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return jsonb_build_array(jsonb_build_object(
        'clientId', p_client_id,
        'itemId', pymap._stored_client_item_id(p_client_id, p_client_item_id, p_tenant_id)
    ));
end
$function$;

comment on function pymap.sync_client_pattern(bigint, text, bigint) is
$comment$The jsonb to look for in media_items.sync_clients: select id from pymap.media_items where sync_clients @>
pymap.sync_client_pattern(3, 'abc').
Parameters: p_client_id, from 1 up; p_client_item_id, 1 to 1,024 bytes; p_tenant_id.
Returns [{"clientId": …, "itemId": …}] with the canonical keys and spelling.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.sync_client_pattern(bigint, text, bigint) from public;
grant execute on function pymap.sync_client_pattern(bigint, text, bigint) to pymap_reader;
