create or replace function pymap._with_title_ids(p_external_ids jsonb, p_title text)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
begin
    if p_title is null or p_title !~ '[]}]' then
        return p_external_ids;
    end if;
    return pymap.normalize_external_ids(p_external_ids || (
        select coalesce(jsonb_agg(jsonb_build_object('source', t.tag[1], 'id', t.tag[2])), '[]')
        from regexp_matches(
            p_title, '[[{](imdb|tmdb|tvdb|anidb|tvmaze|trakt)(?:id)?[-=:]([^]}]+)[]}]', 'gi'
        ) as t (tag)
    ));
end
$function$;

comment on function pymap._with_title_ids(jsonb, text) is
'Private. Canonical external IDs together with those that a title carries: {imdb-tt…}, {tvdb-…}, [tmdbid-…].';

revoke all on function pymap._with_title_ids(jsonb, text) from public;
grant execute on function pymap._with_title_ids(jsonb, text) to pymap_reader;
