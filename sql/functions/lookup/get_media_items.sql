create or replace function pymap.get_media_items(p_media_item_ids bigint[], p_tenant_id bigint default 0)
returns table (
    media_item_id bigint,
    media_type text,
    title text,
    release_year integer,
    parent_id bigint,
    parent_title text,
    parent_number integer,
    number integer,
    external_ids jsonb,
    children bigint,
    merged_into bigint,
    created_at timestamptz,
    updated_at timestamptz
)
language plpgsql
stable
parallel safe
-- A plan that was cached while the tables were small must not scan them when they are large.
set enable_seqscan = off
set jit = off
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._require_tenant(p_tenant_id);
    if p_media_item_ids is null then
        perform pymap._invalid_argument('p_media_item_ids', null, 'Give an array of media item IDs.');
    end if;

    return query
    select i.id, i.type, i.title, i.release_year, i.parent_id, p.title, i.parent_number, i.number, i.external_ids,
           (select count(*) from pymap.media_items as c where c.tenant_id = p_tenant_id and c.parent_id = i.id),
           i.merged_into, i.created_at, i.updated_at
    from pymap.media_items as i
    left join pymap.media_items as p on p.tenant_id = p_tenant_id and p.id = i.parent_id
    where i.tenant_id = p_tenant_id and i.id = any (p_media_item_ids)
    order by i.id;
end
$function$;

comment on function pymap.get_media_items(bigint[], bigint) is
$comment$What is known of media items, for people to look at.
Parameters: p_media_item_ids, also IDs of media items that were merged into another one; p_tenant_id.
Returns a row for every media item that exists, in the order of the IDs: media_item_id, media_type, title,
release_year; parent_id and parent_title, what it is part of; parent_number and number, its place there; external_ids;
children, the number of media items that are part of it; merged_into, NULL unless it was merged; created_at,
updated_at.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_media_items(bigint[], bigint) from public;
grant execute on function pymap.get_media_items(bigint[], bigint) to pymap_reader;
