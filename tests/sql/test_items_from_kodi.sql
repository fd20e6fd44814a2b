begin;

select plan(38);

select volatility_is('pymap', 'items_from_kodi', array['jsonb'], 'immutable', 'Nothing but the argument decides');

create function pg_temp.kodi(p_result jsonb) returns jsonb language sql as $$
    select pymap.items_from_kodi(jsonb_build_object('id', 1, 'jsonrpc', '2.0', 'result', p_result));
$$;

-- Video

select is(
    pg_temp.kodi('{"movies": [{
        "movieid": 1, "label": "The Matrix", "title": "The Matrix", "originaltitle": "The Matrix", "year": 1999,
        "imdbnumber": "603", "uniqueid": {"imdb": "tt0133093", "tmdb": "603", "unknown": "12"}
    }]}'),
    '[{"itemId": "1", "type": "movie", "title": "The Matrix", "year": 1999, "externalIds": {"imdb": "tt0133093", "tmdb": "603"}}]',
    'A film; the namespace "unknown" says nothing'
);
select is(
    pg_temp.kodi('{
        "tvshows": [{"tvshowid": 1, "label": "Breaking Bad", "title": "Breaking Bad", "year": 0, "premiered": "2008-01-20", "uniqueid": {"tvdb": "81189"}}],
        "seasons": [{"seasonid": 1, "label": "Season 1", "season": 1, "tvshowid": 1, "showtitle": "Breaking Bad"}],
        "episodes": [{"episodeid": 1, "label": "1x01. Pilot", "title": "Pilot", "season": 1, "episode": 1, "tvshowid": 1, "seasonid": 1, "uniqueid": {"unknown": "349232"}}]
    }'),
    '[
        {"itemId": "1", "type": "series", "title": "Breaking Bad", "year": 2008, "externalIds": {"tvdb": "81189"}},
        {"itemId": "1", "type": "season", "title": "Season 1", "parentItemId": "1", "seasonNumber": 1},
        {"itemId": "1", "type": "episode", "title": "Pilot", "parentItemId": "1", "seasonNumber": 1, "episodeNumber": 1}
    ]',
    'Series, season and episode in one response, all with ID 1; label stands in for title, premiered for year'
);
select is(
    pg_temp.kodi('{"tvshows": [{"tvshowid": 2, "title": "", "label": "3", "year": 2013, "premiered": "2012-07-26"}]}'),
    '[{"itemId": "2", "type": "series", "title": "3", "year": 2013}]', 'Only for an empty title or a missing year'
);

select is(
    jsonb_path_query_array(pg_temp.kodi('{"movies": [
        {"movieid": 1, "year": 1601}, {"movieid": 2, "year": 1601, "premiered": "1999-03-31"}, {"movieid": 3, "year": 0, "premiered": "1601-01-01"}, {"movieid": 4, "year": 0, "premiered": ""}
    ]}'), '$[*].year'),
    '[1999]', 'Year 1601 is none'
);

-- File

select is(
    pg_temp.kodi('{
        "movies": [
            {"movieid": 1, "file": "/m/Heat (1995)/Heat.mkv"}, {"movieid": 2, "file": "stack:///m/Kill,, Bill/cd1.avi , /m/Kill,, Bill/cd2.avi"}, {"movieid": 3, "file": "smb://nas/m/Heat.mkv"},
            {"movieid": 4, "file": "plugin://plugin.video.x/?id=1"}, {"movieid": 5, "file": "videodb://movies/titles/5"}, {"movieid": 6, "file": ""}, {"movieid": 7, "file": "stack://plugin://a , b"}
        ],
        "tvshows": [{"tvshowid": 1, "file": "/tv/Lost/"}, {"tvshowid": 2, "file": "D:\\TV\\Lost\\"}]
    }'),
    '[
        {"itemId": "1", "type": "movie", "path": "/m/Heat (1995)/Heat.mkv"}, {"itemId": "2", "type": "movie", "path": "/m/Kill, Bill/cd1.avi"},
        {"itemId": "3", "type": "movie", "path": "smb://nas/m/Heat.mkv"},
        {"itemId": "4", "type": "movie"}, {"itemId": "5", "type": "movie"}, {"itemId": "6", "type": "movie"}, {"itemId": "7", "type": "movie"},
        {"itemId": "1", "type": "series", "path": "/tv/Lost/"}, {"itemId": "2", "type": "series", "path": "D:\\TV\\Lost\\"}
    ]',
    'The path is the file, of several parts the first; a plug-in''s or a database''s address is none'
);

-- imdbnumber

select results_eq(
    $$
        select i.number, pg_temp.kodi(jsonb_build_object('movies', jsonb_build_array(jsonb_build_object('movieid', 1, 'imdbnumber', i.number)))) #> '{0,externalIds}'
        from jsonb_array_elements('["tt0133093", "tt133093", "603", "", "tt", "nm0000206", 133093, null, ["tt0133093"]]') with ordinality as i(number, position)
        order by i.position
    $$,
    $$
        values ('"tt0133093"'::jsonb, '{"imdb": "tt0133093"}'::jsonb), ('"tt133093"', '{"imdb": "tt133093"}'), ('"603"', null), ('""', null),
            ('"tt"', null), ('"nm0000206"', null), ('133093', null), ('null', null), ('["tt0133093"]', null)
    $$,
    'imdbnumber is an IMDb ID only if it looks like one'
);
select is(
    pg_temp.kodi('{"movies": [{"movieid": 1, "imdbnumber": "tt0000001", "uniqueid": {"imdb": "tt0133093"}}]}') #> '{0,externalIds}',
    '{"imdb": "tt0133093"}', 'uniqueid comes first'
);
select is(
    pg_temp.kodi('{"movies": [{"movieid": 1, "imdbnumber": "tt0133093", "uniqueid": {"imdb": ""}}]}') #> '{0,externalIds}',
    '{"imdb": "tt0133093"}', 'Unless it is empty'
);

-- Music

select is(
    pg_temp.kodi('{"artists": [
        {"artistid": 1, "artist": "Pink Floyd", "label": "Pink Floyd", "musicbrainzartistid": ["83d91898-7763-47d7-b03b-b92132375c47"]},
        {"artistid": 2, "label": "Simon & Garfunkel", "musicbrainzartistid": ["b", "a", "b", "", null, {}]}
    ]}'),
    '[
        {"itemId": "1", "type": "artist", "title": "Pink Floyd", "externalIds": {"musicbrainz": "83d91898-7763-47d7-b03b-b92132375c47"}},
        {"itemId": "2", "type": "artist", "title": "Simon & Garfunkel", "externalIds": {"musicbrainz": ["a", "b"]}}
    ]',
    'Artists have a list of MusicBrainz IDs'
);
select is(
    pg_temp.kodi('{"albums": [{
        "albumid": 1, "label": "The Dark Side of the Moon", "title": "The Dark Side of the Moon", "year": 1973,
        "artist": ["Pink Floyd"], "displayartist": "Pink Floyd", "artistid": [5, 6],
        "musicbrainzalbumid": "b84ee12a-09ef-421b-82de-0441a926375b", "musicbrainzreleasegroupid": "f5093c06-23e3-404f-aeaa-40f72885ee3a",
        "musicbrainzalbumartistid": ["83d91898-7763-47d7-b03b-b92132375c47"]
    }]}'),
    '[{
        "itemId": "1", "type": "album", "title": "The Dark Side of the Moon", "year": 1973, "artist": "Pink Floyd", "parentItemId": "5",
        "externalIds": {"musicbrainz": "b84ee12a-09ef-421b-82de-0441a926375b", "musicbrainz_release_group": "f5093c06-23e3-404f-aeaa-40f72885ee3a"}
    }]',
    'An album has its release and release group, and its first artist as parent'
);
select is(
    pg_temp.kodi('{"songs": [{
        "songid": 1, "label": "01. Speak to Me", "title": "Speak to Me", "track": 1, "disc": 1, "year": 1973, "albumid": 1,
        "artist": ["Nick Mason"], "displayartist": "Nick Mason", "artistid": [5],
        "musicbrainztrackid": "bef3fddb-5aca-49f5-b2fd-d56a23268d63", "musicbrainzalbumid": "b84ee12a-09ef-421b-82de-0441a926375b",
        "musicbrainzartistid": ["83d91898-7763-47d7-b03b-b92132375c47"], "musicbrainzreleasegroupid": "f5093c06-23e3-404f-aeaa-40f72885ee3a"
    }]}'),
    '[{
        "itemId": "1", "type": "track", "title": "Speak to Me", "year": 1973, "artist": "Nick Mason", "parentItemId": "1",
        "discNumber": 1, "trackNumber": 1, "externalIds": {"musicbrainz": "bef3fddb-5aca-49f5-b2fd-d56a23268d63"}
    }]',
    'A song has its recording, and not the IDs of album and artist'
);
select is(
    pg_temp.kodi('{"songs": [{"songid": 347, "title": "Intro", "artist": ["Damas Gratis", "B"], "year": 0, "disc": 0, "track": 0, "musicbrainztrackid": ""}]}'),
    '[{"itemId": "347", "type": "track", "title": "Intro", "artist": "Damas Gratis"}]', 'Zeros and empty strings stand for nothing'
);
select is(
    pg_temp.kodi('{"musicvideos": [{"musicvideoid": 3, "title": "Take on Me", "year": 1985, "artist": ["a-ha"], "track": 1}], "sets": [{"setid": 4, "title": "The Matrix Collection"}]}'),
    '[{"itemId": "4", "type": "collection", "title": "The Matrix Collection"}, {"itemId": "3", "type": "music_video", "title": "Take on Me", "year": 1985}]',
    'Music videos and film sets'
);

-- Values and order

select is(
    pg_temp.kodi('{"episodes": [{"episodeid": "7", "title": 300, "season": "0", "episode": -1, "tvshowid": [1], "uniqueid": ["tt1"]}]}'),
    '[{"itemId": "7", "type": "episode", "title": "300", "seasonNumber": 0}]', 'Numbers and strings are taken for each other, wrong types left out'
);
select is(
    jsonb_path_query_array(pg_temp.kodi('{"movies": [{"movieid": 3}, {"movieid": 1}, {"movieid": 2}]}'), '$[*].itemId'),
    '["3", "1", "2"]', 'The order is that of the response'
);

-- Entries that can be no item

select is(
    pg_temp.kodi('{"movies": [{"label": "A", "title": "A", "year": 2000}, {"movieid": 1}, {"movieid": null}, "x"]}'),
    '[
        {"error": "The entry has no ID: movieid is missing.", "entry": {"label": "A", "title": "A"}},
        {"itemId": "1", "type": "movie"},
        {"error": "The entry has no ID: movieid is a JSON null.", "entry": {"movieid": null}},
        {"error": "The entry is not an object but a string.", "entry": "x"}
    ]',
    'They are reported in place'
);
select is(
    pg_temp.kodi('{"movies": 5, "songs": null}'),
    '[
        {"error": "The entry is not an object but a number.", "entry": 5},
        {"error": "The entry is not an object but a JSON null.", "entry": null}
    ]',
    'So is a list that is none'
);

select is(
    pg_temp.kodi('{"episodes": [{"episodeid": -1, "title": "A"}, {"episodeid": 1, "tvshowid": -1}], "songs": [{"songid": 1, "albumid": -1}]}'),
    '[
        {"error": "The entry has no ID: episodeid is -1.", "entry": {"episodeid": -1, "title": "A"}},
        {"itemId": "1", "type": "episode"}, {"itemId": "1", "type": "track"}
    ]',
    'ID -1 and parent -1 are none'
);

-- What is a part of a listing, or a selection, says so

select is(
    pg_temp.kodi('{"movies": [{"movieid": 8}, {}], "limits": {"start": 0, "end": 2, "total": 5}}') -> -1,
    '{"listing": {"total": 5, "start": 0, "count": 2, "first": "8"}}', 'A page; entries of no use count too'
);
select is(
    pg_temp.kodi('{"tvshows": [{"tvshowid": 9}], "episodes": [{"episodeid": 1}], "limits": {"start": 3, "end": 5, "total": 5}}') -> -1,
    '{"listing": {"total": 5, "start": 3, "count": 2, "first": "9"}}', 'All lists count together'
);
select is(pg_temp.kodi('{"movies": [{"movieid": 8}], "limits": {"start": 0, "end": 1, "total": 1}}'), '[{"itemId": "8", "type": "movie"}]', 'A complete listing needs no word');
select is(
    pg_temp.kodi(jsonb_build_object(d.key, jsonb_build_object(d.id_key, 1, 'label', 'A'))),
    jsonb_build_array(jsonb_build_object('itemId', '1', 'type', d.type, 'title', 'A')) || pymap._listing_selection(d.key),
    'The details of one entry: ' || d.key
)
from (values
    ('moviedetails', 'movieid', 'movie'), ('setdetails', 'setid', 'collection'), ('tvshowdetails', 'tvshowid', 'series'), ('seasondetails', 'seasonid', 'season'),
    ('episodedetails', 'episodeid', 'episode'), ('musicvideodetails', 'musicvideoid', 'music_video'), ('artistdetails', 'artistid', 'artist'),
    ('albumdetails', 'albumid', 'album'), ('songdetails', 'songid', 'track')
) as d (key, id_key, type);
select is(
    pg_temp.kodi('{"item": {"id": 5, "type": "episode", "label": "Pilot", "title": "Pilot", "season": 1, "episode": 1, "tvshowid": 2, "uniqueid": {"tvdb": "349232"}, "file": "/tv/a.mkv"}}'),
    '[
        {"itemId": "5", "type": "episode", "title": "Pilot", "parentItemId": "2", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "349232"}, "path": "/tv/a.mkv"},
        {"listing": {"selection": "item"}}
    ]',
    'Player.GetItem'
);
select is(
    pg_temp.kodi('{"files": [
        {"id": 1, "type": "movie", "label": "A", "filetype": "file", "file": "/m/a.mkv"}, {"id": 2, "type": "tvshow", "label": "B", "filetype": "directory", "file": "videodb://tvshows/titles/2/"},
        {"label": "C", "type": "unknown", "filetype": "directory", "file": "/m/c/"}, {"id": -1, "type": "song", "label": "D"}
    ], "limits": {"start": 0, "end": 4, "total": 9}}'),
    '[
        {"itemId": "1", "type": "movie", "title": "A", "path": "/m/a.mkv"}, {"itemId": "2", "type": "series", "title": "B"},
        {"error": "The type \"unknown\" has no pymap media type.", "entry": {"type": "unknown", "label": "C"}},
        {"error": "The entry has no ID: id is -1.", "entry": {"id": -1, "type": "song", "label": "D"}},
        {"listing": {"selection": "files"}}
    ]',
    'Files.GetDirectory: only what is in Kodi''s library is an item'
);
select is(
    pymap.items_from_kodi('[
        {"id": 1, "result": {"movies": [{"movieid": 3}], "limits": {"start": 0, "end": 1, "total": 2}}}, {"id": 2, "result": {"limits": {"start": 0, "end": 0, "total": 0}}}, {"id": 3, "result": {"songs": [{"songid": 3}]}}
    ]'),
    '[{"itemId": "3", "type": "movie"}, {"listing": {"total": 2, "start": 0, "count": 1, "first": "3"}}, {"itemId": "3", "type": "track"}]',
    'A batch is its answers one after the other'
);

-- Nothing to list

select is(pg_temp.kodi('{"movies": []}'), '[]', 'An empty list');
select is(pg_temp.kodi('{"limits": {"end": 0, "start": 0, "total": 0}}'), '[]', 'An empty library has limits and no list');
select is(
    pg_temp.kodi('{"limits": {"end": 500, "start": 500, "total": 500}}'), '[{"listing": {"total": 500, "start": 500, "count": 0, "first": null}}]', 'So has the page after the last'
);

select is(
    pymap.items_from_kodi('{"jsonrpc": "2.0", "method": "VideoLibrary.OnRemove", "params": {"data": {"id": 1, "type": "movie"}, "sender": "xbmc"}}') -> 0 ->> 'error',
    'Kodi notifies that the entry was removed.',
    'What Kodi notifies of as removed is no item'
);

select * from finish();

rollback;
