create or replace function pymap.get_told_items(p_media_item_ids bigint[], p_tenant_id bigint default 0)
returns table (
    media_item_id bigint,
    client_id bigint,
    client_type text,
    client_item_id text,
    is_told boolean,
    title text,
    release_year integer,
    parent_item_id text,
    parent_number integer,
    number integer,
    external_ids jsonb,
    path_key text,
    evidence text,
    weight integer,
    comparisons jsonb
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
    select c.media_item_id, c.client_id, o.client_type, c.client_item_id, c.told_hash is not null, c.title, c.release_year,
           c.parent_item_id, c.parent_number, c.number, c.external_ids, c.path_key, c.evidence, c.weight, c.comparisons
    from pymap.client_items as c
    join pymap.clients as o on o.tenant_id = p_tenant_id and o.client_id = c.client_id
    where c.tenant_id = p_tenant_id and c.media_item_id = any (p_media_item_ids)
    order by c.media_item_id, c.client_id, c.client_item_id collate "C";
end
$function$;

comment on function pymap.get_told_items(bigint[], bigint) is
$comment$The client items that stand for media items, with what each client last reported for its own and why it was
matched.
Parameters: p_media_item_ids; p_tenant_id.
Returns a row for every mapping, ordered by media item, client and ID: media_item_id, client_id, client_type,
client_item_id; is_told, false if an application wrote the mapping and the client has not reported the item yet;
title, release_year, parent_item_id, parent_number, number, external_ids ({"imdb": ["tt0133093"]}), path_key (the last
components of the file's path, the last one first), as the client reported them; evidence, weight, comparisons, as
get_mapping_evidence returns them. A media item that was merged into another one has no mappings.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_told_items(bigint[], bigint) from public;
grant execute on function pymap.get_told_items(bigint[], bigint) to pymap_reader;
