create or replace function pymap.get_client_item_ids(
    p_media_item_id bigint,
    p_client_id bigint default null,
    p_tenant_id bigint default 0
)
returns table (client_id bigint, client_type text, client_item_id text)
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_client_id is not null then
        perform pymap._check_client_id('p_client_id', p_client_id);
    end if;

    return query
    select s."clientId", s."clientType", s."itemId"
    from pymap.media_items as i,
         jsonb_to_recordset(i.sync_clients) as s ("clientId" bigint, "clientType" text, "itemId" text)
    where i.tenant_id = p_tenant_id
      and i.id = (
          select coalesce(a.merged_into, a.id)
          from pymap.media_items as a
          where a.tenant_id = p_tenant_id and a.id = p_media_item_id
      )
      and (p_client_id is null or s."clientId" = p_client_id)
    order by s."clientId", s."itemId" collate "C";
end
$function$;

comment on function pymap.get_client_item_ids(bigint, bigint, bigint) is
$comment$The client item IDs that stand for a media item.
Parameters: p_media_item_id, also the ID of one that was merged into another; p_client_id, NULL for all clients;
p_tenant_id.
Returns rows client_id, client_type, client_item_id, ordered by client and ID. A client that has editions has several
rows. There are none if the media item has no mapping or does not exist.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_client_item_ids(bigint, bigint, bigint) from public;
grant execute on function pymap.get_client_item_ids(bigint, bigint, bigint) to pymap_reader;
