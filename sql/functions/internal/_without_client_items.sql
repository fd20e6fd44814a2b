create or replace function pymap._without_client_items(p_sync_clients jsonb, p_client_id bigint, p_client_item_ids text[])
returns jsonb
language sql
stable
parallel safe
return jsonb_path_query_array(
    p_sync_clients, '$[*] ? (!(@.clientId == $client && @.itemId == $ids[*]))',
    jsonb_build_object('client', p_client_id, 'ids', p_client_item_ids)
);

comment on function pymap._without_client_items(jsonb, bigint, text[]) is
'Private. sync_clients without the mappings of these item IDs of a client.';

revoke all on function pymap._without_client_items(jsonb, bigint, text[]) from public;
grant execute on function pymap._without_client_items(jsonb, bigint, text[]) to pymap_reader;
