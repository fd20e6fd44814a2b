create or replace function pymap._sync_client(p_client_id bigint, p_client_type text, p_client_item_id text)
returns jsonb
language sql
immutable
parallel safe
return jsonb_build_object('clientId', p_client_id, 'clientType', p_client_type, 'itemId', p_client_item_id);

comment on function pymap._sync_client(bigint, text, text) is 'Private. An element of media_items.sync_clients.';

revoke all on function pymap._sync_client(bigint, text, text) from public;
grant execute on function pymap._sync_client(bigint, text, text) to pymap_reader;
