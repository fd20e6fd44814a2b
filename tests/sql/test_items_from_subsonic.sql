begin;

select plan(32);

select volatility_is('pymap', 'items_from_subsonic', array['jsonb'], 'immutable', 'Nothing but the argument decides');

-- The items alone; what an answer says of itself is looked at below.
create function pg_temp.subsonic(p_answer jsonb) returns jsonb language sql as $$
    select jsonb_path_query_array(
        pymap.items_from_subsonic(jsonb_build_object('subsonic-response', '{"status": "ok", "version": "1.16.1"}' || p_answer)),
        '$[*] ? (!exists (@.listing))'
    );
$$;

select is(
    pg_temp.subsonic('{"searchResult3": {
        "song": [{
            "id": "s1", "parent": "al1", "isDir": false, "title": "Speak to Me", "album": "The Dark Side of the Moon", "artist": "Pink Floyd",
            "track": 1, "year": 1973, "discNumber": 1, "albumId": "al1", "artistId": "ar1", "isVideo": false,
            "musicBrainzId": "bef3fddb-5aca-49f5-b2fd-d56a23268d63"
        }],
        "album": [{
            "id": "al1", "name": "The Dark Side of the Moon", "artist": "Pink Floyd", "artistId": "ar1", "year": 1973,
            "musicBrainzId": "b84ee12a-09ef-421b-82de-0441a926375b"
        }],
        "artist": [{"id": "ar1", "name": "Pink Floyd", "albumCount": 1, "musicBrainzId": "83d91898-7763-47d7-b03b-b92132375c47"}]
    }}'),
    '[
        {"itemId": "ar1", "type": "artist", "title": "Pink Floyd", "externalIds": {"musicbrainz": "83d91898-7763-47d7-b03b-b92132375c47"}},
        {"itemId": "al1", "type": "album", "title": "The Dark Side of the Moon", "year": 1973, "parentItemId": "ar1", "artist": "Pink Floyd",
            "externalIds": {"musicbrainz": "b84ee12a-09ef-421b-82de-0441a926375b"}},
        {"itemId": "s1", "type": "track", "title": "Speak to Me", "year": 1973, "parentItemId": "al1", "artist": "Pink Floyd",
            "discNumber": 1, "trackNumber": 1, "externalIds": {"musicbrainz": "bef3fddb-5aca-49f5-b2fd-d56a23268d63"}}
    ]',
    'search3: artists, albums and songs'
);
select is(
    pg_temp.subsonic('{"searchResult2": {"artist": [{"id": 1, "name": "A"}], "album": [{"id": 2, "parent": 1, "title": "B", "isDir": true}], "song": [{"id": 3, "parent": 2, "title": "C"}]}}'),
    '[
        {"itemId": "1", "type": "artist", "title": "A"},
        {"itemId": "2", "type": "album", "title": "B", "parentItemId": "1"},
        {"itemId": "3", "type": "track", "title": "C", "parentItemId": "2"}
    ]',
    'search2: numeric IDs, and directories as parents'
);
select is(
    pg_temp.subsonic('{"albumList": {"album": [{"id": "21", "parent": "11", "isDir": true, "title": "Animals", "artist": "Pink Floyd"}]}}'),
    '[{"itemId": "21", "type": "album", "title": "Animals", "artist": "Pink Floyd", "parentItemId": "11"}]',
    'getAlbumList: albums are directories'
);
select is(
    pg_temp.subsonic('{"albumList2": {"album": [{"id": "21", "name": "Animals", "artistId": "5", "parent": "11"}]}}'),
    '[{"itemId": "21", "type": "album", "title": "Animals", "parentItemId": "5"}]',
    'getAlbumList2: the artist comes before the directory'
);
select is(
    pg_temp.subsonic('{"artists": {"ignoredArticles": "The", "index": [
        {"name": "P", "artist": [{"id": "1", "name": "Pink Floyd"}, {"id": "2", "name": "Pixies"}]}, {"name": "Q", "artist": [{"id": "3", "name": "Queen"}]}
    ]}}'),
    '[{"itemId": "1", "type": "artist", "title": "Pink Floyd"}, {"itemId": "2", "type": "artist", "title": "Pixies"}, {"itemId": "3", "type": "artist", "title": "Queen"}]',
    'getArtists: through the index'
);
select is(
    pg_temp.subsonic('{"artist": {"id": "1", "name": "Pink Floyd", "album": [{"id": "2", "name": "Animals", "artistId": "1"}]}}'),
    '[{"itemId": "1", "type": "artist", "title": "Pink Floyd"}, {"itemId": "2", "type": "album", "title": "Animals", "parentItemId": "1"}]',
    'getArtist: the artist and its albums'
);
select is(
    pg_temp.subsonic('{"album": {"id": "2", "name": "Animals", "artist": "Pink Floyd", "song": [{"id": "4", "title": "Dogs", "albumId": "2", "track": "2"}]}}'),
    '[{"itemId": "2", "type": "album", "title": "Animals", "artist": "Pink Floyd"}, {"itemId": "4", "type": "track", "title": "Dogs", "parentItemId": "2", "trackNumber": 2}]',
    'getAlbum: the album and its songs'
);
select is(
    pg_temp.subsonic('{"song": {"id": "4", "title": "Dogs", "album": "Animals", "artist": "Pink Floyd"}}'),
    '[{"itemId": "4", "type": "track", "title": "Dogs", "artist": "Pink Floyd"}]', 'getSong'
);
select results_eq(
    $$
        select l.list, pg_temp.subsonic(jsonb_build_object(l.list, '{"song": [{"id": "4"}]}'::jsonb))
        from unnest(array['randomSongs', 'songsByGenre', 'topSongs', 'similarSongs', 'similarSongs2', 'starred', 'starred2']) with ordinality as l(list, position)
        order by l.position
    $$,
    $$
        select l.list, '[{"itemId": "4", "type": "track"}]'::jsonb
        from unnest(array['randomSongs', 'songsByGenre', 'topSongs', 'similarSongs', 'similarSongs2', 'starred', 'starred2']) as l(list)
    $$,
    'Lists of songs'
);
select is(
    pg_temp.subsonic('{"starred2": {"album": [{"id": "2"}], "artist": [{"id": "1"}]}}'),
    '[{"itemId": "1", "type": "artist"}, {"itemId": "2", "type": "album"}]', 'getStarred2 lists albums and artists too'
);
select is(
    pg_temp.subsonic('{"playlists": {"playlist": [{"id": "800", "name": "Road", "songCount": 2}]}}'),
    '[{"itemId": "800", "type": "playlist", "title": "Road"}]', 'getPlaylists'
);
select is(
    pg_temp.subsonic('{"playlist": {"id": "800", "name": "Road", "entry": [{"id": "4", "title": "Dogs"}]}}'),
    '[{"itemId": "800", "type": "playlist", "title": "Road"}, {"itemId": "4", "type": "track", "title": "Dogs"}]', 'getPlaylist'
);
select is(
    pg_temp.subsonic('{"randomSongs": {"song": [{"id": "9", "title": "Take on Me", "isVideo": true, "artist": "a-ha", "track": 1}]}}'),
    '[{"itemId": "9", "type": "video", "title": "Take on Me"}]', 'A song that is a video'
);

select is(
    pg_temp.subsonic('{"indexes": {"index": [{"name": "P", "artist": [{"id": "1", "name": "Pink Floyd"}]}], "child": [{"id": "4", "title": "Dogs", "isDir": false}]}}'),
    '[{"itemId": "1", "type": "artist", "title": "Pink Floyd"}, {"itemId": "4", "type": "track", "title": "Dogs"}]', 'getIndexes'
);
select is(
    pg_temp.subsonic('{"directory": {"id": "10", "name": "Music", "child": [
        {"id": "11", "title": "Pink Floyd", "isDir": true}, {"id": "4", "title": "Dogs", "isDir": false}, {"id": "2", "title": "Animals", "isDir": true, "mediaType": "album"}
    ]}}'),
    '[
        {"error": "The entry is a folder: isDir is true.", "entry": {"id": "11", "title": "Pink Floyd"}},
        {"itemId": "4", "type": "track", "title": "Dogs"}, {"itemId": "2", "type": "album", "title": "Animals"}
    ]',
    'getMusicDirectory: a folder is no album, unless the server says so'
);
select is(
    pg_temp.subsonic(r.answer::jsonb), '[{"itemId": "4", "type": "track"}]', r.description
)
from (values
    ('{"nowPlaying": {"entry": [{"id": "4", "username": "a", "minutesAgo": 1}]}}', 'getNowPlaying'),
    ('{"bookmarks": {"bookmark": [{"position": 5, "entry": {"id": "4"}}]}}', 'getBookmarks'),
    ('{"playQueue": {"current": "4", "entry": [{"id": "4"}]}}', 'getPlayQueue')
) as r (answer, description);
select is(
    pg_temp.subsonic('{"videos": {"video": [{"id": "9", "title": "Take on Me", "isVideo": true, "path": "v/Take on Me.mkv"}]}}'),
    '[{"itemId": "9", "type": "video", "title": "Take on Me", "path": "v/Take on Me.mkv"}]', 'getVideos'
);
select is(
    pg_temp.subsonic('{"playQueue": {"entry": [{"id": "1", "type": "music"}, {"id": "2", "type": "audiobook"}, {"id": "3", "type": "podcast", "title": "A"}, {"id": "4", "type": "video"}]}}'),
    '[
        {"itemId": "1", "type": "track"}, {"itemId": "2", "type": "audiobook"},
        {"error": "The type \"podcast\" has no pymap media type.", "entry": {"id": "3", "type": "podcast", "title": "A"}},
        {"itemId": "4", "type": "video"}
    ]',
    'What a song is shows its type'
);
select is(
    pg_temp.subsonic('{"searchResult3": {
        "album": [{"id": "2", "path": "Pink Floyd/Animals"}], "song": [{"id": "4", "path": "Pink Floyd/Animals/02 Dogs.flac"}, {"id": "5", "path": ""}, {"id": "6", "path": "https://example.org/radio"}]
    }}'),
    '[{"itemId": "2", "type": "album"}, {"itemId": "4", "type": "track", "path": "Pink Floyd/Animals/02 Dogs.flac"}, {"itemId": "5", "type": "track"}, {"itemId": "6", "type": "track"}]',
    'The path of a song; a link is none'
);

-- Which answers list a selection

select is(
    array(
        select a.answer
        from jsonb_object_keys('{
            "artists": {}, "indexes": {}, "playlists": {}, "videos": {}, "searchResult2": {}, "searchResult3": {}, "artist": {}, "album": {}, "albumList": {}, "albumList2": {}, "song": {},
            "playlist": {}, "starred": {}, "starred2": {}, "randomSongs": {}, "songsByGenre": {}, "topSongs": {}, "similarSongs": {}, "similarSongs2": {}, "directory": {}, "nowPlaying": {},
            "bookmarks": {}, "playQueue": {}
        }') as a (answer)
        where pymap.items_from_subsonic(jsonb_build_object('subsonic-response', jsonb_build_object(a.answer, '{}'::jsonb))) -> -1
            is distinct from pymap._listing_selection(a.answer)
        order by a.answer
    ),
    '{artists,indexes,playlists,searchResult2,searchResult3,videos}',
    'All say so but those that list everything'
);
select is(
    pymap.items_from_subsonic('{"subsonic-response": {"indexes": {"child": [{"id": "4"}]}}}'),
    '[{"itemId": "4", "type": "track"}, {"listing": {"selection": "indexes"}}]', 'getIndexes with songs does not list all songs'
);

-- Navidrome's own API

select is(
    pymap.items_from_subsonic('[{
        "id": "4", "title": "Dogs", "album": "Animals", "albumId": "2", "artistId": "1", "artist": "Pink Floyd", "albumArtist": "Pink Floyd", "trackNumber": 2, "discNumber": 1, "year": 1977,
        "path": "Pink Floyd/Animals/02 Dogs.flac", "mbzRecordingID": "bef3fddb-5aca-49f5-b2fd-d56a23268d63", "mbzReleaseTrackId": "d4156411-b884-368f-a4cb-7c0101a557a2", "mbzAlbumId": "b84ee12a-09ef-421b-82de-0441a926375b"
    }]'),
    '[{
        "itemId": "4", "type": "track", "title": "Dogs", "parentItemId": "2", "artist": "Pink Floyd", "trackNumber": 2, "discNumber": 1, "year": 1977, "path": "Pink Floyd/Animals/02 Dogs.flac",
        "externalIds": {"musicbrainz": "bef3fddb-5aca-49f5-b2fd-d56a23268d63", "musicbrainz_track": "d4156411-b884-368f-a4cb-7c0101a557a2"}
    }]',
    'A song'
);
select is(
    pymap.items_from_subsonic('[
        {"id": "2", "name": "Animals", "albumArtist": "Pink Floyd", "albumArtistId": "1", "maxYear": 1977, "minYear": 1977, "songCount": 5, "mbzAlbumId": "b84ee12a-09ef-421b-82de-0441a926375b"},
        {"id": "1", "name": "Pink Floyd", "albumCount": 1, "orderArtistName": "pink floyd", "mbzArtistId": "83d91898-7763-47d7-b03b-b92132375c47"},
        {"id": "8", "name": "Road", "ownerName": "a", "songCount": 2}, {"id": "9", "name": "What"}, 5
    ]'),
    '[
        {"itemId": "2", "type": "album", "title": "Animals", "parentItemId": "1", "artist": "Pink Floyd", "year": 1977, "externalIds": {"musicbrainz": "b84ee12a-09ef-421b-82de-0441a926375b"}},
        {"itemId": "1", "type": "artist", "title": "Pink Floyd", "externalIds": {"musicbrainz": "83d91898-7763-47d7-b03b-b92132375c47"}},
        {"itemId": "8", "type": "playlist", "title": "Road"},
        {"error": "The entry does not show whether it is an artist, an album, a song or a playlist.", "entry": {"id": "9", "name": "What"}},
        {"error": "The entry is not an object but a number.", "entry": 5}
    ]',
    'Albums, artists and playlists'
);
select is(pymap.items_from_subsonic('[]'), '[]', 'Nothing');

-- Values

select is(
    pg_temp.subsonic('{"searchResult3": {"artist": {"id": 1, "name": "A"}, "song": {"id": 2, "title": "B"}}}'),
    '[{"itemId": "1", "type": "artist", "title": "A"}, {"itemId": "2", "type": "track", "title": "B"}]', 'A list of one may come bare'
);
select is(
    pg_temp.subsonic('{"randomSongs": {"song": [{"id": "1", "title": "", "year": 0, "track": [1], "discNumber": 0, "musicBrainzId": "", "artist": null, "albumId": {}}]}}'),
    '[{"itemId": "1", "type": "track"}]', 'What is empty or of a wrong type is left out'
);
select is(pg_temp.subsonic('{"searchResult3": {}}'), '[]', 'An empty answer');
select is(pg_temp.subsonic('{"albumList2": ""}'), '[]', 'An empty answer of an older server');

-- Entries that can be no item

select is(
    pg_temp.subsonic('{"randomSongs": {"song": [{"title": "A", "isDir": false}, {"id": "1"}, {"id": true, "title": "B"}, 5]}}'),
    '[
        {"error": "The entry has no ID: id is missing.", "entry": {"title": "A"}},
        {"itemId": "1", "type": "track"},
        {"error": "The entry has no ID: id is a boolean.", "entry": {"id": true, "title": "B"}},
        {"error": "The entry is not an object but a number.", "entry": 5}
    ]',
    'They are reported in place'
);

select * from finish();

rollback;
