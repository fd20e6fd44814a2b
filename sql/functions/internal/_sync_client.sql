create or replace function pymap._sync_client(
    p_client_id bigint,
    p_client_type text,
    p_client_item_id text,
    p_evidence text default null
)
returns jsonb
language sql
immutable
parallel safe
return jsonb_build_object('clientId', p_client_id, 'clientType', p_client_type, 'itemId', p_client_item_id)
    || case when p_evidence is null then '{}' else jsonb_build_object('evidence', p_evidence) end;

comment on function pymap._sync_client(bigint, text, text, text) is
'Private. An element of media_items.sync_clients, with what showed that it belongs there: external_ids, numbers, title.';

revoke all on function pymap._sync_client(bigint, text, text, text) from public;
grant execute on function pymap._sync_client(bigint, text, text, text) to pymap_reader;
