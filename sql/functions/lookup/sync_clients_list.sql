create or replace function pymap.sync_clients_list(
    p_client_id bigint,
    p_media_type text default null,
    p_tenant_id bigint default 0
)
returns table (client_item_id text, media_type text, media_item_id bigint)
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._check_client_id('p_client_id', p_client_id);
    if p_media_type is not null then
        perform pymap._check_media_type('p_media_type', p_media_type);
    end if;

    return query
    select m.client_item_id, m.media_type, m.media_item_id
    from pymap.client_items as m
    where m.tenant_id = p_tenant_id
      and m.client_id = p_client_id
      and (p_media_type is null or m.media_type = p_media_type);
end
$function$;

comment on function pymap.sync_clients_list(bigint, text, bigint) is
$comment$Every mapping of a client.
Parameters: p_client_id, from 1 up; p_media_type, NULL for all; p_tenant_id.
Returns rows client_item_id, media_type, media_item_id, in no particular order; none for an unknown client.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.sync_clients_list(bigint, text, bigint) from public;
grant execute on function pymap.sync_clients_list(bigint, text, bigint) to pymap_reader;
