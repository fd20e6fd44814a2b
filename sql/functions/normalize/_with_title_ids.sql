create or replace function pymap._with_title_ids(p_external_ids jsonb, p_title text)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_title is null or p_title !~ '[[{(][A-Za-z]+[0-9]?[A-Za-z]*[-=:][^]})]+[]})]' then
        return p_external_ids;
    end if;
    return pymap.normalize_external_ids(p_external_ids || (
        select coalesce(jsonb_agg(jsonb_build_object('source', coalesce(t.tag[1], t.tag[3]), 'id', coalesce(t.tag[2], t.tag[4]))), '[]')
        -- tvdb5, anidb2: HAMA's numberings of one and the same series
        from regexp_matches(
            p_title,
            '[[{](imdb|tmdb|tvdb|anidb|tvmaze|trakt)[0-9]?(?:id)?[-=:]([^]}]+)[]}]'
                '|[[{(](imdb|tmdb|tvdb|anidb|tvmaze|trakt|tvrage|anilist|mal|kitsu)[0-9]?(?:id)?[-=:]((?:tt)?[0-9]+)[]})]',
            'gi'
        ) as t (tag)
    ));
end
$function$;

comment on function pymap._with_title_ids(jsonb, text) is
'Private. Canonical external IDs together with those in a title: {imdb-tt…}, {tvdb-…}, [tmdbid-…], [anidb2-…].';

revoke all on function pymap._with_title_ids(jsonb, text) from public;
grant execute on function pymap._with_title_ids(jsonb, text) to pymap_reader;
