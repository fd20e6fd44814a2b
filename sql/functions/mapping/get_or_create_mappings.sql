create or replace function pymap.get_or_create_mappings(
    p_client_id bigint,
    p_client_type text,
    p_items jsonb,
    p_tenant_id bigint default 0
)
returns table (client_item_id text, media_type text, media_item_id bigint, action text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $function$
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._check_client_id('p_client_id', p_client_id);
    perform pymap._check_client_type('p_client_type', p_client_type);
    perform pymap._check_client(p_client_id, p_client_type, p_tenant_id);
    perform pymap._fill_listing(p_items);
    perform pymap._check_listing('p_items');
    perform pymap._share_writing(p_tenant_id);
    perform pymap._map_listing(p_client_id, p_client_type, p_tenant_id);
    return query select * from pymap._listing_results(false);
end
$function$;

comment on function pymap.get_or_create_mappings(bigint, text, jsonb, bigint) is
$comment$Does what get_or_create_mapping does, for many items in one set-based call. Items that are not mapped yet are
matched as in a sync; mapped items stay where they are. Nothing is removed. The result does not depend on the order of
the items. Batches that run at the same time neither deadlock nor create anything twice.
Parameters: p_client_id, from 1 up; p_client_type, such as 'plex'; p_items, a JSON array of {"itemId", "type",
"title", "year", "externalIds", "parentItemId", "path", "data", …}, as sync_client_items takes them and the
items_from_ functions return them; p_tenant_id.
Returns a row for every item, in their order; an item listed twice has one row: client_item_id as given; media_type;
media_item_id; action: 'kept' (was mapped), 'matched' (with an existing media item), 'created', or 'unusable' (a
reader could not use the entry; all else is NULL).
Errors: PM003 if the client is of another type; 22023 for a bad argument or item; 40001 if REPEATABLE READ or
SERIALIZABLE leaves no other answer: try the transaction again.$comment$;

revoke all on function pymap.get_or_create_mappings(bigint, text, jsonb, bigint) from public;
grant execute on function pymap.get_or_create_mappings(bigint, text, jsonb, bigint) to pymap_writer;
