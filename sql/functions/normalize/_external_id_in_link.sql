create or replace function pymap._external_id_in_link(p_source text, p_link text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return substring(lower(p_link) from '^(?:https?://)?(?:[a-z0-9-]+[.])*?' || case
        when p_source = 'imdb' then 'imdb[.]com/(?:[a-z-]+/)?title/(tt[0-9]+)(?:[^0-9]|$)'
        when p_source = 'tmdb' then '(?:themoviedb|tmdb)[.]org/(?:movie|tv)/([0-9]+)(?:[^0-9]|$)'
        when p_source = 'tvdb' then
            'thetvdb[.]com/(?:[^#]*[/?&])?(?:id=|(?:series|seasons|episodes|movies)/)([0-9]+)(?:[/?&#]|$)'
        when p_source = 'tvmaze' then 'tvmaze[.]com/[a-z]+/([0-9]+)(?:[^0-9]|$)'
        when p_source = 'anidb' then 'anidb[.]net/(?:anime/|a|episode/|e)([0-9]+)(?:[^0-9]|$)'
        when p_source = 'anilist' then 'anilist[.]co/anime/([0-9]+)(?:[^0-9]|$)'
        when p_source = 'mal' then 'myanimelist[.]net/anime/([0-9]+)(?:[^0-9]|$)'
        when p_source like 'musicbrainz%' then 'musicbrainz[.]org/[a-z-]+/([0-9a-f-]{36})(?:[^0-9a-f-]|$)'
    end);
end
$function$;

comment on function pymap._external_id_in_link(text, text) is
$comment$Private. The ID in a link to a page of the provider p_source, https://www.imdb.com/title/tt0133093/?ref_=…;
NULL if the link leads elsewhere or holds no ID.$comment$;

revoke all on function pymap._external_id_in_link(text, text) from public;
grant execute on function pymap._external_id_in_link(text, text) to pymap_reader;
