create or replace function pymap.get_media_items_by_client_ids(
    p_client_id bigint,
    p_client_item_ids text[],
    p_media_type text default null,
    p_tenant_id bigint default 0
)
returns table (client_item_id text, media_type text, media_item_id bigint)
language plpgsql
stable
parallel safe
-- A plan that was cached while the tables were small must not scan them when they are large.
set enable_seqscan = off
set jit = off
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_client_type text := pymap._client_type(p_client_id, p_tenant_id);
begin
    perform pymap._check_client_id('p_client_id', p_client_id);
    perform pymap._check_client_item_ids('p_client_item_ids', p_client_item_ids);
    if p_media_type is not null then
        perform pymap._check_media_type('p_media_type', p_media_type);
    end if;

    return query
    select i.asked, m.media_type, m.media_item_id
    from (select distinct u.asked from unnest(p_client_item_ids) as u (asked)) as i
    join pymap.client_items as m
        on m.tenant_id = p_tenant_id
        and m.client_id = p_client_id
        and m.client_item_id = pymap.normalize_client_item_id(v_client_type, i.asked)
        and (p_media_type is null or m.media_type = p_media_type);
end
$function$;

comment on function pymap.get_media_items_by_client_ids(bigint, text[], text, bigint) is
$comment$The media items of many client item IDs in one query.
Parameters: p_client_id, from 1 up; p_client_item_ids, each 1 to 1,024 bytes; p_media_type, NULL for all; p_tenant_id.
Returns a row for every mapping found: client_item_id as given, media_type, media_item_id. IDs that are not mapped
have no row; an ID that stands for several media types has one row for each.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_media_items_by_client_ids(bigint, text[], text, bigint) from public;
grant execute on function pymap.get_media_items_by_client_ids(bigint, text[], text, bigint) to pymap_reader;
