create or replace function pymap.get_media_items_by_external_id(
    p_source text,
    p_external_id text,
    p_media_type text default null,
    p_tenant_id bigint default 0
)
returns setof bigint
language plpgsql
stable
parallel safe
-- A plan that was cached while the tables were small must not scan them when they are large.
set enable_seqscan = off
set jit = off
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_media_type is not null then
        perform pymap._check_media_type('p_media_type', p_media_type);
    end if;

    return query
    select distinct x.media_item_id
    from unnest(pymap.normalize_external_id(p_source, p_external_id)) as i (external_id)
    join pymap.external_ids as x
        on x.tenant_id = p_tenant_id
        and x.source = pymap.normalize_external_id_source(p_source, p_media_type)
        and x.external_id = i.external_id
        and (p_media_type is null or x.media_type = p_media_type)
    order by x.media_item_id;
end
$function$;

comment on function pymap.get_media_items_by_external_id(text, text, text, bigint) is
$comment$The media items that have an ID of a metadata provider.
Parameters: p_source and p_external_id in any spelling ('IMDB', '133093'); p_media_type, NULL for all. Give it for
TMDB and TVDB, which number films and series separately; p_tenant_id.
Returns the media items' IDs in order; none for a placeholder such as '0'.
Errors: 22023 for an unknown media type.$comment$;

revoke all on function pymap.get_media_items_by_external_id(text, text, text, bigint) from public;
grant execute on function pymap.get_media_items_by_external_id(text, text, text, bigint) to pymap_reader;
