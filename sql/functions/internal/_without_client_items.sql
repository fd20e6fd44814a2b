create or replace function pymap._without_client_items(p_sync_clients jsonb, p_client_id bigint, p_client_item_ids text[])
returns jsonb
language sql
immutable
parallel safe
return (
    select coalesce(jsonb_agg(c.element order by c.position), '[]')
    from jsonb_array_elements(p_sync_clients) with ordinality as c (element, position)
    where not (c.element -> 'clientId' = to_jsonb(p_client_id) and c.element ->> 'itemId' = any (p_client_item_ids))
);

comment on function pymap._without_client_items(jsonb, bigint, text[]) is
'Private. sync_clients without the mappings of these item IDs of a client.';

revoke all on function pymap._without_client_items(jsonb, bigint, text[]) from public;
grant execute on function pymap._without_client_items(jsonb, bigint, text[]) to pymap_reader;
