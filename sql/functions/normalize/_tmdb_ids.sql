create or replace function pymap._tmdb_ids(p_external_ids jsonb, p_media_type text)
returns text[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return array(
        select i.id
        from jsonb_array_elements(p_external_ids) as e (element)
        cross join lateral unnest(pymap.normalize_external_id('tmdb', e.element ->> 'id')) as i (id)
        where pymap.normalize_external_id_source(e.element ->> 'source', p_media_type) = 'tmdb'
    );
end
$function$;

comment on function pymap._tmdb_ids(jsonb, text) is
$comment$Private. The TMDB numbers in an array of {"source", "id"} of an item of type p_media_type.$comment$;

revoke all on function pymap._tmdb_ids(jsonb, text) from public;
grant execute on function pymap._tmdb_ids(jsonb, text) to pymap_reader;
