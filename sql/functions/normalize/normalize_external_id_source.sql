create or replace function pymap.normalize_external_id_source(p_source text, p_media_type text default null)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_word text;
begin
    if p_source in ('imdb', 'tmdb', 'tvdb', 'musicbrainz') then
        return p_source;
    end if;
    v_word := regexp_replace(
        lower(p_source collate "C"),
        '^[^a-z0-9]*(com[.]plexapp[.]agents[.]|tv[.]plex[.]agents[.]|metadata[.](common[.])?)|[^a-z0-9]+', '', 'g'
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
        when v_word in ('theaudiodb', 'audiodb') then 'theaudiodb'
        when v_word in ('musicbrainz', 'musicbrainzid', 'mbid') then 'musicbrainz'
        -- A track that carries its album's ID is not the album: such a name counts for its own media type only.
        when v_word in (
            'musicbrainzalbum', 'musicbrainzalbumid', 'musicbrainzrelease', 'musicbrainzreleaseid'
        ) then case when coalesce(p_media_type, 'album') = 'album' then 'musicbrainz' end
        when v_word in ('musicbrainzreleasegroup', 'musicbrainzreleasegroupid')
            then case when coalesce(p_media_type, 'album') = 'album' then 'musicbrainz_release_group' end
        when v_word in ('musicbrainzartist', 'musicbrainzartistid')
            then case when coalesce(p_media_type, 'artist') = 'artist' then 'musicbrainz' end
        when v_word in ('musicbrainzrecording', 'musicbrainzrecordingid')
            then case when coalesce(p_media_type, 'track') = 'track' then 'musicbrainz' end
        when v_word in ('musicbrainztrack', 'musicbrainztrackid', 'musicbrainzreleasetrack', 'musicbrainzreleasetrackid')
            then case when coalesce(p_media_type, 'track') = 'track' then 'musicbrainz_track' end
        when v_word in ('audiodbalbum', 'audiodbartist', 'audiodbtrack')
            then case when coalesce('audiodb' || p_media_type, v_word) = v_word then 'theaudiodb' end
        -- Not an ID of the item: its collection's, its album artist's, a handle, a link, or no source at all.
        when v_word in (
            '', 'tmdbcollection', 'tmdbset', 'tmdbsetid', 'tvdbcollection', 'musicbrainzalbumartist', 'musicbrainzalbumartistid',
            'facebook', 'instagram', 'twitter', 'x', 'xtwitter', 'tiktok', 'reddit', 'linkedin', 'wikipedia',
            'website', 'officialwebsite', 'homepage', 'url', 'unknown', 'none', 'null', 'local', 'default'
        ) then null
        -- The number of a row in one program's own database.
        when v_word in (
            'sonarr', 'sonarrid', 'radarr', 'radarrid', 'lidarr', 'lidarrid', 'readarr', 'readarrid', 'whisparr',
            'whisparrid', 'bazarr', 'prowlarr', 'mylar', 'mylarr', 'jellyseerr', 'overseerr', 'seerr', 'ombi', 'tautulli',
            'jellyfin', 'jellyfinid', 'emby', 'embyid', 'kodi', 'kodiid', 'navidrome', 'tinymediamanager', 'mediaelch'
        ) or v_word like 'shoko%' then null
        -- A title spelled for links; it changes with the title.
        when left(v_word, 50) like '%slug' then null
        else left(v_word, 50)
    end;
end
$function$;

comment on function pymap.normalize_external_id_source(text, text) is
$comment$The canonical name of a metadata provider: 'Imdb', 'IMDB' and 'com.plexapp.agents.imdb' are 'imdb'.
Parameters: p_source as the server spells it; an unknown provider keeps its name, in lower case without punctuation;
p_media_type, the type of the item that has the ID, NULL if it does not matter: a track's 'MusicBrainzAlbum' is its
album's ID.
Returns text; NULL if the name stands for no ID of the item itself: a collection's ID, a social-media handle, a
website, a slug, a number that is valid in one program only (sonarr), 'unknown'.$comment$;

revoke all on function pymap.normalize_external_id_source(text, text) from public;
grant execute on function pymap.normalize_external_id_source(text, text) to pymap_reader;
