begin;

select plan(28);

select volatility_is('pymap', 'items_from_subsonic', array['jsonb'], 'immutable', 'Nothing but the argument decides');

create function pg_temp.subsonic(p_answer jsonb) returns jsonb language sql as $$
    select pymap.items_from_subsonic(jsonb_build_object('subsonic-response', '{"status": "ok", "version": "1.16.1"}' || p_answer));
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

-- Unknown shapes

-- What a statement raises: SQLSTATE, message, and whether it comes with a DETAIL and a HINT.
create function pg_temp.raised(p_sql text) returns text language plpgsql as $raised$
declare
    v_state text;
    v_message text;
    v_detail text;
    v_hint text;
begin
    execute p_sql;
    return null;
exception when others then
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text,
        v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    return v_state || ' ' || v_message
        || case when v_detail <> '' then ' +detail' else '' end || case when v_hint <> '' then ' +hint' else '' end;
end
$raised$;

select is(
    pg_temp.raised($$select pymap.items_from_subsonic('{"subsonic-response": {"status": "failed", "error": {"code": 40, "message": "Wrong username or password"}}}')$$),
    '22023 p_response is not a listing: the Subsonic server answered with error 40: Wrong username or password +detail +hint',
    'An error of the server''s is passed on'
);
select is(
    pg_temp.raised($$select pymap.items_from_subsonic('{"subsonic-response": {"status": "failed"}}')$$),
    '22023 p_response is not a listing: the Subsonic server answered with error (no code): (no message) +detail +hint',
    'Whatever it looks like'
);
select is(
    pg_temp.raised($$select pymap.items_from_subsonic('{"subsonic-response": {"status": "ok", "indexes": {}}}')$$),
    '22023 p_response is not a listing: expected a Subsonic answer, {"subsonic-response": {"searchResult3": {…}}} or another list of '
    'artists, albums, songs or playlists, found subsonic-response as an object with status (string), indexes (object) +detail +hint',
    'An answer without a list that is known'
);
select is(
    pg_temp.raised('select pymap.items_from_subsonic(null)'),
    '22023 p_response is not a listing: it is NULL +detail +hint', 'NULL is refused'
);
select throws_ok($$select pymap.items_from_subsonic('null')$$, '22023', null, 'JSON null is refused');
select throws_ok($$select pymap.items_from_subsonic('[]')$$, '22023', null, 'An array is refused');
select throws_ok($$select pymap.items_from_subsonic('"<subsonic-response/>"')$$, '22023', null, 'XML is refused');
select throws_ok($$select pymap.items_from_subsonic('{"subsonic-response": "album"}')$$, '22023', null, 'A response that is no object is refused');
select throws_ok($$select pymap.items_from_subsonic('{"subsonic-response": {"status": "ok", "albumList2": 5}}')$$, '22023', null, 'So is a list that is none');

select * from finish();

rollback;
