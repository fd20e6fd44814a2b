create or replace function pymap._without_uris(p_external_ids jsonb, p_media_type text)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return (
        select coalesce(jsonb_agg(x.element order by e.position), '[]')
        from jsonb_array_elements(p_external_ids) with ordinality as e (element, position)
        cross join lateral (
            select e.element
            where jsonb_typeof(e.element) <> 'string' or e.element #>> '{}' !~ '^[A-Za-z][A-Za-z0-9_.+-]*://'
            union all
            select jsonb_build_object('source', i.source, 'id', i.id)
            from pymap._uri_ids(jsonb_build_array(e.element), p_media_type) as i
            where i.source <> '' and i.id <> ''
        ) as x
    );
end
$function$;

comment on function pymap._without_uris(jsonb, text) is
$comment$Private. An array of external IDs of an item of type p_media_type in which {"source": "imdb", "id":
"tt0133093"} replaces "imdb://tt0133093". Addresses without an ID are left out, anything else stays.$comment$;

revoke all on function pymap._without_uris(jsonb, text) from public;
grant execute on function pymap._without_uris(jsonb, text) to pymap_reader;
