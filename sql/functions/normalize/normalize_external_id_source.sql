create or replace function pymap.normalize_external_id_source(p_source text)
returns text
language plpgsql
immutable
parallel safe
as $function$
declare
    v_word text;
begin
    if p_source in ('imdb', 'tmdb', 'tvdb', 'musicbrainz') then
        return p_source;
    end if;
    v_word := regexp_replace(
        lower(p_source collate "C"),
        '^\s*(com\.plexapp\.agents\.|tv\.plex\.agents\.|metadata\.(common\.)?)|[^a-z0-9]+', '', 'g'
    );
    return case
        when v_word in ('imdb', 'imdbid', 'imdbcom') then 'imdb'
        when v_word in ('tmdb', 'tmdbid', 'themoviedb', 'themoviedborg', 'themoviedborgpython', 'moviedb') then 'tmdb'
        when v_word in ('tvdb', 'tvdbid', 'thetvdb', 'thetvdbid', 'thetvdbcom', 'tvdbcom') then 'tvdb'
        when v_word in ('tvmaze', 'tvmazeid', 'tvmazecom') then 'tvmaze'
        when v_word in ('tvrage', 'tvrageid') then 'tvrage'
        when v_word in ('trakt', 'traktid', 'trakttv') then 'trakt'
        when v_word in ('anidb', 'anidbid', 'anidbnet') then 'anidb'
        when v_word in ('anilist', 'anilistid', 'anilistco') then 'anilist'
        when v_word in ('mal', 'malid', 'myanimelist', 'myanimelistid', 'myanimelistnet') then 'mal'
        when v_word in ('kitsu', 'kitsuid', 'kitsuio') then 'kitsu'
        when v_word in ('theaudiodb', 'audiodb', 'audiodbalbum', 'audiodbartist', 'audiodbtrack') then 'theaudiodb'
        -- One source for the entity that the item itself is; an ID counts only together with the media type.
        when v_word in (
            'musicbrainz', 'musicbrainzid', 'mbid',
            'musicbrainzalbum', 'musicbrainzalbumid', 'musicbrainzrelease', 'musicbrainzreleaseid',
            'musicbrainzartist', 'musicbrainzartistid', 'musicbrainzrecording', 'musicbrainzrecordingid'
        ) then 'musicbrainz'
        when v_word in ('musicbrainztrack', 'musicbrainztrackid', 'musicbrainzreleasetrack', 'musicbrainzreleasetrackid')
            then 'musicbrainz_track'
        when v_word in ('musicbrainzreleasegroup', 'musicbrainzreleasegroupid') then 'musicbrainz_release_group'
        -- Not an ID of the item: its collection's, its album artist's, a handle, a link, or no source at all.
        when v_word in (
            '', 'tmdbcollection', 'tmdbset', 'tmdbsetid', 'musicbrainzalbumartist', 'musicbrainzalbumartistid',
            'facebook', 'instagram', 'twitter', 'x', 'xtwitter', 'tiktok', 'reddit', 'linkedin', 'wikipedia',
            'website', 'officialwebsite', 'homepage', 'url', 'unknown', 'none', 'null', 'local', 'default'
        ) then null
        else left(v_word, 50)
    end;
end
$function$;

comment on function pymap.normalize_external_id_source(text) is
$comment$The one name of a metadata provider: 'Imdb', 'IMDB' and 'com.plexapp.agents.imdb' are 'imdb'.
Parameters: p_source as the server spells it; a provider that pymap does not know keeps its name, in lower case
without punctuation.
Returns text; NULL where the name stands for no ID of the item itself: a collection's ID, a social-media handle,
a website, 'unknown'.$comment$;

revoke all on function pymap.normalize_external_id_source(text) from public;
grant execute on function pymap.normalize_external_id_source(text) to pymap_reader;
