create or replace function pymap.translate_client_item_ids(
    p_from_client_id bigint,
    p_client_item_ids text[],
    p_to_client_id bigint,
    p_media_type text default null,
    p_tenant_id bigint default 0
)
returns table (from_item_id text, media_type text, media_item_id bigint, to_item_id text)
language plpgsql
stable
parallel safe
-- A plan that was cached while the tables were small must not scan them when they are large.
set enable_seqscan = off
set jit = off
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._check_client_id('p_from_client_id', p_from_client_id);
    perform pymap._check_client_id('p_to_client_id', p_to_client_id);

    return query
    select f.client_item_id, f.media_type, f.media_item_id, t.item_id
    from pymap.get_media_items_by_client_ids(p_from_client_id, p_client_item_ids, p_media_type, p_tenant_id) as f
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = f.media_item_id
    left join lateral (
        select s."itemId" as item_id
        from jsonb_to_recordset(i.sync_clients) as s ("clientId" bigint, "itemId" text)
        where s."clientId" = p_to_client_id
    ) as t on true;
end
$function$;

comment on function pymap.translate_client_item_ids(bigint, text[], bigint, text, bigint) is
$comment$The item IDs that another client has for the items of one client, in one query.
Parameters: p_from_client_id; p_client_item_ids, its IDs, each 1 to 1,024 bytes; p_to_client_id; p_media_type, NULL
for all; p_tenant_id.
Returns rows from_item_id as given, media_type, media_item_id, to_item_id. There are several rows if the other client
has several IDs (editions); to_item_id is NULL if it has none. IDs that are not mapped have no row.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.translate_client_item_ids(bigint, text[], bigint, text, bigint) from public;
grant execute on function pymap.translate_client_item_ids(bigint, text[], bigint, text, bigint) to pymap_reader;
