begin;

select plan(44);

select volatility_is('pymap', 'items_from_plex', array['jsonb'], 'immutable', 'Nothing but the argument decides');

create function pg_temp.plex(p_entries jsonb) returns jsonb language sql as $$
    select pymap.items_from_plex(jsonb_build_object('MediaContainer', jsonb_build_object(
        'size', jsonb_array_length(p_entries), 'Metadata', p_entries
    )));
$$;

-- Video

select is(
    pg_temp.plex('[{
        "ratingKey": "101", "type": "movie", "title": "The Matrix", "year": 1999,
        "guid": "plex://movie/5d776825880197001ec90ed4", "index": 1, "parentRatingKey": "1",
        "Guid": [{"id": "imdb://tt0133093"}, {"id": "tmdb://603"}, {"id": "tvdb://169"}]
    }]'),
    '[{
        "itemId": "101", "type": "movie", "title": "The Matrix", "year": 1999,
        "externalIds": {"imdb": "tt0133093", "tmdb": "603", "tvdb": "169", "plex": "5d776825880197001ec90ed4"}
    }]',
    'A film has its Guid list and Plex'' own global ID, and neither parent nor number'
);
select is(
    pg_temp.plex('[{
        "ratingKey": 200, "type": "show", "title": "Breaking Bad", "year": "2008", "index": 1,
        "guid": "plex://show/5d9c08254eefaa001f5daa50", "Guid": [{"id": "tvdb://81189"}]
    }]'),
    '[{
        "itemId": "200", "type": "series", "title": "Breaking Bad", "year": 2008,
        "externalIds": {"plex": "5d9c08254eefaa001f5daa50", "tvdb": "81189"}
    }]',
    'A show is a series; numeric IDs become text, numbers in strings become numbers'
);
select is(
    pg_temp.plex('[{
        "ratingKey": "210", "type": "season", "title": "Season 1", "index": 1, "parentIndex": 1,
        "parentRatingKey": "200", "guid": "plex://season/602e61de66dfdb002c096b16", "Guid": [{"id": "tvdb://30272"}]
    }]'),
    '[{
        "itemId": "210", "type": "season", "title": "Season 1", "parentItemId": "200", "seasonNumber": 1,
        "externalIds": {"plex": "602e61de66dfdb002c096b16", "tvdb": "30272"}
    }]',
    'A season has its series as parent'
);
select is(
    pg_temp.plex('[{
        "ratingKey": "220", "type": "episode", "title": "Pilot", "index": 1, "parentIndex": 0,
        "parentRatingKey": "210", "grandparentRatingKey": "200", "grandparentTitle": "Breaking Bad",
        "guid": "plex://episode/5d9c1276e98e47001eb0394c", "Guid": [{"id": "tvdb://349232"}]
    }]'),
    '[{
        "itemId": "220", "type": "episode", "title": "Pilot", "parentItemId": "200",
        "seasonNumber": 0, "episodeNumber": 1,
        "externalIds": {"plex": "5d9c1276e98e47001eb0394c", "tvdb": "349232"}
    }]',
    'The parent of an episode is its series, not its season; season 0 holds the specials; a series is no artist'
);

-- Music

select is(
    pg_temp.plex('[
        {"ratingKey": "300", "type": "artist", "title": "Pink Floyd", "Guid": [{"id": "mbid://83d91898-7763-47d7-b03b-b92132375c47"}]},
        {"ratingKey": "301", "type": "album", "title": "The Dark Side of the Moon", "year": 1973, "index": 1,
            "parentRatingKey": "300", "parentTitle": "Pink Floyd", "Guid": [{"id": "mbid://b84ee12a-09ef-421b-82de-0441a926375b"}]},
        {"ratingKey": "302", "type": "track", "title": "Speak to Me", "index": 1, "parentIndex": 1,
            "parentRatingKey": "301", "grandparentRatingKey": "300", "grandparentTitle": "Pink Floyd",
            "parentTitle": "The Dark Side of the Moon", "Guid": [{"id": "mbid://d4156411-b884-368f-a4cb-7c0101a557a2"}]}
    ]'),
    '[
        {"itemId": "300", "type": "artist", "title": "Pink Floyd",
            "externalIds": {"musicbrainz": "83d91898-7763-47d7-b03b-b92132375c47"}},
        {"itemId": "301", "type": "album", "title": "The Dark Side of the Moon", "year": 1973,
            "parentItemId": "300", "artist": "Pink Floyd",
            "externalIds": {"musicbrainz": "b84ee12a-09ef-421b-82de-0441a926375b"}},
        {"itemId": "302", "type": "track", "title": "Speak to Me", "parentItemId": "301", "artist": "Pink Floyd",
            "discNumber": 1, "trackNumber": 1,
            "externalIds": {"musicbrainz_track": "d4156411-b884-368f-a4cb-7c0101a557a2"}}
    ]',
    'Artist, album and track; Plex'' MusicBrainz ID of a track is that of the track on its release'
);
select is(
    pg_temp.plex('[{"ratingKey": "9", "type": "track", "originalTitle": "David Bowie", "grandparentTitle": "Various Artists"}]') #>> '{0,artist}',
    'David Bowie', 'The artist of a track comes before the artist of its album'
);
select is(
    pg_temp.plex('[{"ratingKey": "9", "type": "track", "index": 0, "parentIndex": 0}]'),
    '[{"itemId": "9", "type": "track"}]', 'A disc or a track 0 is no number'
);
select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "photo"}, {"ratingKey": "2", "type": "playlist"}, {"ratingKey": "3", "type": "collection", "guid": "collection://0a7b3f8e"}]'),
    '[{"itemId": "1", "type": "photo"}, {"itemId": "2", "type": "playlist"}, {"itemId": "3", "type": "collection"}]',
    'Photos, playlists and collections; a collection''s guid holds on its server only'
);

-- External IDs

select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "show", "Guid": [{"id": "tvdb://81189"}, {"id": "tvdb://81190"}, {"id": "tvdb://81189"}]}]') #> '{0,externalIds}',
    '{"tvdb": ["81189", "81190"]}', 'Several IDs of one source are an array, without repeats'
);
select results_eq(
    $$
        select g.guid, pg_temp.plex(jsonb_build_array(jsonb_build_object('ratingKey', '1', 'type', g.type, 'guid', g.guid))) #> '{0,externalIds}'
        from (values
            (1, 'movie', 'com.plexapp.agents.imdb://tt0133093?lang=en'),
            (2, 'movie', 'com.plexapp.agents.themoviedb://603?lang=en'),
            (3, 'show', 'com.plexapp.agents.thetvdb://81189?lang=en'),
            (4, 'show', 'com.plexapp.agents.thetvdbdvdorder://81189?lang=en'),
            (5, 'show', 'com.plexapp.agents.hama://anidb-23?lang=en'),
            (6, 'show', 'com.plexapp.agents.hama://tvdb4-76885?lang=en'),
            (7, 'show', 'net.fribbtastic.coding.plex.myanimelist://1?lang=en'),
            (8, 'movie', 'com.plexapp.agents.xbmcnfo://tt0133093?lang=en'),
            (9, 'artist', 'mbid://83d91898-7763-47d7-b03b-b92132375c47'),
            (10, 'show', 'com.plexapp.agents.hama://tvdb5-83268?lang=en'),
            (11, 'show', 'com.plexapp.agents.xbmcnfotv://76290?lang=en'),
            (12, 'movie', 'tv.plex.agents.nfo.movie://movie/tmdb_238'),
            (13, 'show', 'tv.plex.agents.nfo.series://show/tvdb_121361?lang=de'),
            (14, 'movie', 'tv.plex.agents.custom.movies://movie/imdb-tt0068646')
        ) as g(position, type, guid)
        order by g.position
    $$,
    $$
        values
            ('com.plexapp.agents.imdb://tt0133093?lang=en', '{"imdb": "tt0133093"}'::jsonb),
            ('com.plexapp.agents.themoviedb://603?lang=en', '{"tmdb": "603"}'),
            ('com.plexapp.agents.thetvdb://81189?lang=en', '{"tvdb": "81189"}'),
            ('com.plexapp.agents.thetvdbdvdorder://81189?lang=en', '{"tvdb": "81189"}'),
            ('com.plexapp.agents.hama://anidb-23?lang=en', '{"anidb": "23"}'),
            ('com.plexapp.agents.hama://tvdb4-76885?lang=en', '{"tvdb": "76885"}'),
            ('net.fribbtastic.coding.plex.myanimelist://1?lang=en', '{"mal": "1"}'),
            ('com.plexapp.agents.xbmcnfo://tt0133093?lang=en', '{"imdb": "tt0133093"}'),
            ('mbid://83d91898-7763-47d7-b03b-b92132375c47', '{"musicbrainz": "83d91898-7763-47d7-b03b-b92132375c47"}'),
            ('com.plexapp.agents.hama://tvdb5-83268?lang=en', '{"tvdb": "83268"}'),
            ('com.plexapp.agents.xbmcnfotv://76290?lang=en', '{"tvdb": "76290"}'),
            ('tv.plex.agents.nfo.movie://movie/tmdb_238', '{"tmdb": "238"}'),
            ('tv.plex.agents.nfo.series://show/tvdb_121361?lang=de', '{"tvdb": "121361"}'),
            ('tv.plex.agents.custom.movies://movie/imdb-tt0068646', '{"imdb": "tt0068646"}')
    $$,
    'The guids of agents name their source'
);
select results_eq(
    $$
        select g.guid
        from unnest(array[
            'local://123', 'com.plexapp.agents.none://9f1c?lang=xn', 'tv.plex.agents.movie://123', 'tv.plex.agents.nfo.series://show/tmdb_238', 'plex://season/602e61de66dfdb002c096b16',
            'com.plexapp.agents.xbmcnfo://603', 'com.plexapp.agents.youtube://x', 'https://www.imdb.com/title/tt0133093',
            'imdb://', '://603', 'tt0133093', 'a/b/c', ''
        ]) as g(guid)
        where pg_temp.plex(jsonb_build_array(jsonb_build_object('ratingKey', '1', 'type', 'movie', 'guid', g.guid)))
            <> '[{"itemId": "1", "type": "movie"}]'
    $$,
    array[]::text[], 'What is local to the server, of another kind, or no ID at all is left out'
);
select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "movie", "guid": "com.plexapp.agents.imdb://tt0133093?lang=en", "Guid": {"id": "tmdb://603"}}]') #> '{0,externalIds}',
    '{"imdb": "tt0133093", "tmdb": "603"}', 'Guid list and guid add up; a list of one may come bare'
);
select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "episode", "guid": "com.plexapp.agents.thetvdb://81189/1/2?lang=en", "grandparentRatingKey": "9"}]'),
    '[{"itemId": "1", "type": "episode", "parentItemId": "9", "seasonNumber": 1, "episodeNumber": 2}]',
    'A legacy guid of an episode is its series'' ID, which is left out, and its numbers, where they are missing'
);
select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "episode", "guid": "com.plexapp.agents.hama://anidb-23/1/2", "index": 5, "parentIndex": 4}]'),
    '[{"itemId": "1", "type": "episode", "seasonNumber": 4, "episodeNumber": 5}]',
    'The numbers in a legacy guid do not replace those of the entry'
);
select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "season", "guid": "com.plexapp.agents.thetvdb://81189/3?lang=en"}]'),
    '[{"itemId": "1", "type": "season", "seasonNumber": 3}]', 'The same for a season'
);

select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "episode", "guid": "com.plexapp.agents.hama://anidb-15772/1/1?lang=en"}]'),
    '[{"itemId": "1", "type": "episode", "seasonNumber": 1, "episodeNumber": 1}]', 'And for HAMA''s'
);

-- File

select is(
    pg_temp.plex('[
        {"ratingKey": "1", "type": "movie", "Media": [{"id": 5, "Part": [{"file": "/m/Heat (1995)/Heat.mkv"}, {"file": "/m/b"}]}, {"Part": [{"file": "/m/c"}]}]},
        {"ratingKey": "2", "type": "show", "Location": [{"id": 1, "path": "/tv/Lost"}, {"path": "/tv2/Lost"}]},
        {"ratingKey": "3", "type": "track", "Media": [{"Part": [{"file": "M:\\Music\\a,, b.mp3"}]}]},
        {"ratingKey": "4", "type": "movie", "Media": [{"Part": [{"file": ""}]}]},
        {"ratingKey": "5", "type": "movie", "Media": [{"Part": [{"file": "https://example.org/a.mkv"}]}]},
        {"ratingKey": "6", "type": "movie", "Media": [], "Location": {}}
    ]'),
    '[
        {"itemId": "1", "type": "movie", "path": "/m/Heat (1995)/Heat.mkv"}, {"itemId": "2", "type": "series", "path": "/tv/Lost"},
        {"itemId": "3", "type": "track", "path": "M:\\Music\\a,, b.mp3"},
        {"itemId": "4", "type": "movie"}, {"itemId": "5", "type": "movie"}, {"itemId": "6", "type": "movie"}
    ]',
    'The path is the first file, or the first folder, as Plex spells it; a link is none'
);

-- Values

select results_eq(
    $$
        select y.year, pg_temp.plex(jsonb_build_array(jsonb_build_object('ratingKey', '1', 'type', 'movie', 'year', y.year))) #> '{0,year}'
        from jsonb_array_elements('[1999, "1999", " 1999 ", 1999.0, 0, -5, 10000, 1999.5, "MCMXCIX", "", null, true, [1999], {"a": 1}, 99999999999999]') with ordinality as y(year, position)
        order by y.position
    $$,
    $$
        values ('1999'::jsonb, '1999'::jsonb), ('"1999"', '1999'), ('" 1999 "', '1999'), ('1999.0', '1999'),
            ('0', null), ('-5', null), ('10000', null), ('1999.5', null), ('"MCMXCIX"', null), ('""', null),
            ('null', null), ('true', null), ('[1999]', null), ('{"a": 1}', null), ('99999999999999', null)
    $$,
    'A year is a whole number from 1 to 9999 or left out'
);
select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "episode", "title": "", "index": {}, "parentIndex": "x", "grandparentRatingKey": null, "Guid": 5, "guid": ["a"]}]'),
    '[{"itemId": "1", "type": "episode"}]', 'Fields of a wrong type are left out'
);
select is(
    pg_temp.plex('[{"ratingKey": "3", "type": "photo"}, {"ratingKey": "1", "type": "photo"}, {"ratingKey": "2", "type": "photo"}]') #>> '{}',
    '[{"type": "photo", "itemId": "3"}, {"type": "photo", "itemId": "1"}, {"type": "photo", "itemId": "2"}]',
    'The order is that of the response'
);

-- Entries that can be no item

select is(
    pg_temp.plex('[{"ratingKey": "1", "type": "movie"}, {"ratingKey": "117", "type": "clip", "title": "Trailer", "year": 1999}, {"ratingKey": "2", "type": "movie"}]'),
    '[
        {"itemId": "1", "type": "movie"},
        {"error": "The type \"clip\" has no pymap media type.", "entry": {"ratingKey": "117", "type": "clip", "title": "Trailer"}},
        {"itemId": "2", "type": "movie"}
    ]',
    'A type without a media type is reported in place, cut down'
);
select results_eq(
    $$
        select e ->> 'error', e -> 'entry'
        from jsonb_array_elements(pg_temp.plex('[
            {"type": "movie", "title": "A"}, {"type": "movie", "ratingKey": null}, {"type": "movie", "ratingKey": ""},
            {"type": "movie", "ratingKey": {"a": 1}}, {"type": "movie", "ratingKey": true}, {"ratingKey": "1"},
            {"ratingKey": "1", "type": null}, {"ratingKey": "1", "type": 5}, {}, null, 42, "x", []
        ]')) as e
    $$,
    $$
        values
            ('The entry has no ID: ratingKey is missing.', '{"type": "movie", "title": "A"}'::jsonb),
            ('The entry has no ID: ratingKey is a JSON null.', '{"type": "movie", "ratingKey": null}'),
            ('The entry has no ID: ratingKey is an empty string.', '{"type": "movie", "ratingKey": ""}'),
            ('The entry has no ID: ratingKey is an object with a (number).', '{"type": "movie", "ratingKey": {"a": 1}}'),
            ('The entry has no ID: ratingKey is a boolean.', '{"type": "movie", "ratingKey": true}'),
            ('The entry has no type: type is missing.', '{"ratingKey": "1"}'),
            ('The entry has no type: type is missing.', '{"ratingKey": "1", "type": null}'),
            ('The type 5 has no pymap media type.', '{"ratingKey": "1", "type": 5}'),
            ('The entry has no type: type is missing.', '{}'),
            ('The entry is not an object but a JSON null.', 'null'),
            ('The entry is not an object but a number.', '42'),
            ('The entry is not an object but a string.', '"x"'),
            ('The entry is not an object but an array of 0.', '[]')
    $$,
    'Every other unusable entry is reported too'
);

-- The container

select is(pymap.items_from_plex('{"MediaContainer": {"size": 0}}'), '[]', 'An empty library has no list');
select is(pymap.items_from_plex('{"MediaContainer": {"size": "0"}}'), '[]', 'The same with the size as a string');
select is(pymap.items_from_plex('{"MediaContainer": {"size": 0, "Metadata": []}}'), '[]', 'An empty list is empty');
select is(
    pymap.items_from_plex('{"MediaContainer": {"Directory": [{"ratingKey": "200", "type": "show", "title": "Breaking Bad"}]}}'),
    '[{"itemId": "200", "type": "series", "title": "Breaking Bad"}]', 'Older servers list shows in Directory'
);
select is(
    pymap.items_from_plex('{"MediaContainer": {"Directory": [{"title": "All episodes"}], "Metadata": [{"ratingKey": "210", "type": "season"}]}}'),
    '[{"itemId": "210", "type": "season"}]', 'Next to Metadata, Directory is a menu'
);

-- What is a part of a listing says so

select is(
    pymap.items_from_plex('{"MediaContainer": {"size": 1, "totalSize": 3, "offset": 0, "Metadata": [{"ratingKey": "7", "type": "photo"}, {"ratingKey": "8", "type": "clip"}]}}') -> -1,
    '{"listing": {"total": 3, "start": 0, "count": 2, "first": "7"}}', 'The first page; entries of no use count too'
);
select is(
    pymap.items_from_plex('{"MediaContainer": {"size": 1, "totalSize": "3", "offset": "2", "Metadata": [{"ratingKey": 9, "type": "photo"}]}}') -> -1,
    '{"listing": {"total": 3, "start": 2, "count": 1, "first": "9"}}', 'The last page'
);
select is(
    pymap.items_from_plex('{"MediaContainer": {"size": 0, "totalSize": 3, "offset": 3}}'),
    '[{"listing": {"total": 3, "start": 3, "count": 0, "first": null}}]', 'The page after it'
);
select is(
    pymap.items_from_plex('{"MediaContainer": {"size": 1, "totalSize": 1, "offset": 0, "Metadata": [{"ratingKey": "9", "type": "photo"}]}}'),
    '[{"itemId": "9", "type": "photo"}]', 'A complete listing needs no word'
);
select is(
    pymap.items_from_plex('{"MediaContainer": {"size": 1, "offset": 2, "Metadata": [{"ratingKey": "9", "type": "photo"}]}}'),
    '[{"itemId": "9", "type": "photo"}]', 'Without a total there is nothing to compare'
);

-- Selections

select is(
    pymap.items_from_plex(r.response::jsonb), '[{"itemId": "9", "type": "photo"}]'::jsonb || pymap._listing_selection(r.selection), 'A selection: ' || r.description
)
from (values
    ('hubs', '{"MediaContainer": {"size": 2, "Hub": [{"type": "photo", "Metadata": [{"ratingKey": "9", "type": "photo"}]}, {"type": "genre", "Directory": [{"id": 4}]}]}}', 'hubs, without their menus'),
    ('search', '{"MediaContainer": {"size": 2, "SearchResult": [{"score": 0.9, "Metadata": {"ratingKey": "9", "type": "photo"}}, {"score": 0.1, "Directory": {"type": "tag"}}]}}', 'a search'),
    ('search', '{"MediaContainer": {"SearchResults": [{"id": "external", "SearchResult": [{"Metadata": {"ratingKey": "9", "type": "photo"}}]}]}}', 'a search of several providers'),
    ('webhook', '{"event": "media.scrobble", "Account": {"id": 1}, "Metadata": {"ratingKey": "9", "type": "photo"}}', 'a webhook'),
    ('item', '{"ratingKey": "9", "type": "photo"}', 'one entry'),
    ('item', '{"Metadata": {"ratingKey": "9", "type": "photo"}}', 'one entry in Metadata'),
    ('item', '{"MediaContainer": {"size": 1, "Metadata": {"ratingKey": "9", "type": "photo"}}}', 'one entry in a container'),
    ('sessions', '{"MediaContainer": {"size": 1, "Metadata": [{"ratingKey": "9", "type": "photo", "Session": {"id": "x"}}]}}', 'what is played now'),
    ('playlist', '{"MediaContainer": {"size": 1, "ratingKey": "5", "playlistType": "photo", "Metadata": [{"ratingKey": "9", "type": "photo"}]}}', 'a playlist'),
    ('children', '{"MediaContainer": {"size": 1, "key": "5", "Metadata": [{"ratingKey": "9", "type": "photo"}]}}', 'the children of one entry')
) as r (selection, response, description);
select is(
    pymap.items_from_plex('{"MediaContainer": {"size": 2, "totalSize": 900, "Metadata": [
        {"historyKey": "/status/sessions/history/1", "key": "/library/metadata/220", "ratingKey": "220", "parentKey": "/library/metadata/210",
            "grandparentKey": "/library/metadata/200", "type": "episode", "title": "Pilot", "index": 1, "parentIndex": 1, "viewedAt": 1},
        {"historyKey": "/status/sessions/history/2", "ratingKey": "302", "parentKey": "/library/metadata/301", "type": "track"}
    ]}}'),
    '[
        {"itemId": "220", "type": "episode", "title": "Pilot", "parentItemId": "200", "seasonNumber": 1, "episodeNumber": 1},
        {"itemId": "302", "type": "track", "parentItemId": "301"},
        {"listing": {"selection": "history"}}
    ]',
    'A play history is one; it names parents by their address'
);

select * from finish();

rollback;
