begin;

select plan(29);

select volatility_is(
    'pymap', 'normalize_external_id_source', array['text', 'text'], 'immutable', 'Nothing but the argument decides'
);
select function_privs_are(
    'pymap', 'normalize_external_id_source', array['text', 'text'], 'pymap_reader', array['EXECUTE'], 'Readers may call it'
);

create function pg_temp.sources(variadic p_spellings text[]) returns text[] language sql as $$
    select array_agg(distinct pymap.normalize_external_id_source(s)) from unnest(p_spellings) as s;
$$;

-- Every spelling of a source is one source

select is(
    pg_temp.sources(
        'imdb', 'Imdb', 'IMDB', ' imdb ', 'imdb_id', 'ImdbId', 'imdb.com', 'com.plexapp.agents.imdb',
        'COM.PLEXAPP.AGENTS.IMDB', 'metadata.common.imdb.com'
    ),
    '{imdb}', 'imdb'
);
select is(
    pg_temp.sources(
        'tmdb', 'Tmdb', 'TMDB', 'tmdb_id', 'TheMovieDb', 'themoviedb.org', 'com.plexapp.agents.themoviedb',
        'tv.plex.agents.tmdb', 'metadata.themoviedb.org', 'metadata.common.themoviedb.org',
        'metadata.themoviedb.org.python'
    ),
    '{tmdb}', 'tmdb'
);
select is(
    pg_temp.sources(
        'tvdb', 'Tvdb', 'TheTVDB', 'thetvdb', 'thetvdb.com', 'tvdb_id', 'com.plexapp.agents.thetvdb',
        'metadata.tvdb.com'
    ),
    '{tvdb}', 'tvdb'
);
select is(pg_temp.sources('tvmaze', 'TvMaze', 'tvmaze.com'), '{tvmaze}', 'tvmaze');
select is(pg_temp.sources('TvRage', 'tvrage_id'), '{tvrage}', 'tvrage');
select is(pg_temp.sources('Trakt', 'trakt.tv'), '{trakt}', 'trakt');
select is(pg_temp.sources('AniDB', 'anidb.net'), '{anidb}', 'anidb');
select is(pg_temp.sources('AniList', 'anilist.co'), '{anilist}', 'anilist');
select is(pg_temp.sources('MAL', 'MyAnimeList', 'mal_id'), '{mal}', 'mal');
select is(pg_temp.sources('Kitsu', 'kitsu.io'), '{kitsu}', 'kitsu');
select is(
    pg_temp.sources('TheAudioDb', 'AudioDbAlbum', 'AudioDbArtist'), '{theaudiodb}',
    'theaudiodb, whichever kind of thing it stands for'
);
select is(
    pg_temp.sources(
        'musicbrainz', 'MusicBrainz', 'mbid', 'MusicBrainzAlbum', 'MusicBrainzArtist', 'MusicBrainzRecording',
        'musicbrainz_albumid'
    ),
    '{musicbrainz}', 'musicbrainz, for what the item itself is'
);
select is(
    pg_temp.sources('MusicBrainzTrack', 'musicbrainz_releasetrackid', 'musicbrainz_track'),
    '{musicbrainz_track}', 'A track of a release is not a recording'
);
select is(
    pg_temp.sources('MusicBrainzReleaseGroup', 'musicbrainz_release_group'),
    '{musicbrainz_release_group}', 'A release group is not a release'
);

-- What pymap does not know keeps its name

select is(pymap.normalize_external_id_source('Zap2It'), 'zap2it', 'An unknown source is lower case');
select is(pymap.normalize_external_id_source('Rotten-Tomatoes'), 'rottentomatoes', 'Punctuation does not count');
select is(
    length(pymap.normalize_external_id_source(repeat('source', 100))), 50,
    'The name of an unknown source ends after 50 characters'
);

-- What is no ID of the item itself

select is(pg_temp.sources('TmdbCollection', 'tmdb_set'), array[null], 'A collection''s ID is not the film''s');
select is(pg_temp.sources('MusicBrainzAlbumArtist'), array[null], 'An album artist''s ID is not the album''s');
select is(
    pg_temp.sources(
        'Facebook', 'Instagram', 'Twitter', 'X', 'TikTok', 'Reddit', 'Wikipedia', 'Official Website', 'url'
    ),
    array[null], 'A handle or a link is no ID'
);
select is(
    pg_temp.sources('sonarr', 'Radarr', 'lidarr', 'SonarrId', 'Jellyfin', 'Shoko Series', 'tinyMediaManager'), array[null], 'A number that holds in one program only'
);
select is(pg_temp.sources('TvdbSlug', 'ImdbSlug', 'slug', 'TraktSlug', repeat('x', 46) || 'slug'), array[null], 'A slug is a spelling of the title');
select is(pg_temp.sources(chr(65279) || 'com.plexapp.agents.imdb', chr(8206) || 'Imdb'), '{imdb}', 'Marks that cannot be seen do not count');
select is(
    pg_temp.sources('', ' ', '-', 'unknown', 'com.plexapp.agents.none', 'none', 'null', 'local', null),
    array[null], 'No source at all'
);

select is(
    array(
        select coalesce(pymap.normalize_external_id_source(n.name, t.type), '-')
        from unnest('{MusicBrainzAlbum,MusicBrainzArtist,MusicBrainzRecording,MusicBrainzTrack,MusicBrainzReleaseGroup,AudioDbAlbum}'::text[]) as n (name),
             unnest('{track}'::text[]) as t (type)
    ),
    '{-,-,musicbrainz,musicbrainz_track,-,-}',
    'A track''s own IDs are not those of its album and artist'
);
select is(
    array(
        select coalesce(pymap.normalize_external_id_source(n.name, 'album'), '-')
        from unnest('{MusicBrainzAlbum,MusicBrainzArtist,MusicBrainzRecording,MusicBrainzTrack,MusicBrainzReleaseGroup,AudioDbAlbum}'::text[]) as n (name)
    ),
    '{musicbrainz,-,-,-,musicbrainz_release_group,theaudiodb}',
    'Nor an album''s own those of its artist and tracks'
);
select is(pymap.normalize_external_id_source('TvdbCollection', 'movie'), null, 'A collection''s ID is not the film''s');

select * from finish();

rollback;
