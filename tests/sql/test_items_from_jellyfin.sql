begin;

select plan(28);

select volatility_is('pymap', 'items_from_jellyfin', array['jsonb'], 'immutable', 'Nothing but the argument decides');

-- Video

select is(
    pymap.items_from_jellyfin('{"Items": [{
        "Id": "f27caa37e5142225cceded48f6553502", "Name": "The Matrix", "Type": "Movie", "ProductionYear": 1999,
        "ProviderIds": {"Imdb": "tt0133093", "Tmdb": "603", "TmdbCollection": "2344", "TvdbCollection": "1"}
    }], "TotalRecordCount": 1, "StartIndex": 0}'),
    '[{
        "itemId": "f27caa37e5142225cceded48f6553502", "type": "movie", "title": "The Matrix", "year": 1999,
        "externalIds": {"Imdb": "tt0133093", "Tmdb": "603"}
    }]',
    'A film; the ID of its collection is not its own'
);
select is(
    pymap.items_from_jellyfin('{"Items": [
        {"Id": "a1", "Name": "Breaking Bad", "Type": "Series", "ProductionYear": 2008, "ProviderIds": {"Tvdb": "81189", "TvMaze": "169"}},
        {"Id": "a2", "Name": "Season 1", "Type": "Season", "IndexNumber": 1, "SeriesId": "a1", "ParentIndexNumber": 7, "ProviderIds": {"Tvdb": "30272"}},
        {"Id": "a3", "Name": "Pilot", "Type": "Episode", "IndexNumber": 1, "IndexNumberEnd": 2, "ParentIndexNumber": 1,
            "SeriesId": "a1", "SeasonId": "a2", "AlbumArtist": "x", "ProviderIds": {"Tvdb": "349232", "Imdb": "tt0959621"}}
    ]}'),
    '[
        {"itemId": "a1", "type": "series", "title": "Breaking Bad", "year": 2008, "externalIds": {"Tvdb": "81189", "TvMaze": "169"}},
        {"itemId": "a2", "type": "season", "title": "Season 1", "parentItemId": "a1", "seasonNumber": 1, "externalIds": {"Tvdb": "30272"}},
        {"itemId": "a3", "type": "episode", "title": "Pilot", "parentItemId": "a1", "seasonNumber": 1, "episodeNumber": 1,
            "externalIds": {"Tvdb": "349232", "Imdb": "tt0959621"}}
    ]',
    'Series, season and episode; a file with two episodes is one entry'
);
select is(
    pymap.items_from_jellyfin('{"Items": [{"Id": "b", "Type": "BoxSet", "Name": "The Matrix Collection", "ProviderIds": {"TmdbCollection": "2344"}}]}'),
    '[{"itemId": "b", "type": "collection", "title": "The Matrix Collection", "externalIds": {"tmdb": "2344"}}]',
    'A collection''s own ID is its TMDB ID'
);

-- Music

select is(
    pymap.items_from_jellyfin('{"Items": [{
        "Id": "c1", "Name": "Pink Floyd", "Type": "MusicArtist", "ProviderIds": {
            "MusicBrainzArtist": "83d91898-7763-47d7-b03b-b92132375c47", "AudioDbArtist": "111247",
            "MusicBrainzAlbumArtist": "83d91898-7763-47d7-b03b-b92132375c47"
        }
    }]}'),
    '[{"itemId": "c1", "type": "artist", "title": "Pink Floyd", "externalIds": {
        "musicbrainz": "83d91898-7763-47d7-b03b-b92132375c47", "theaudiodb": "111247"
    }}]',
    'An artist'
);
select is(
    pymap.items_from_jellyfin('{"Items": [{
        "Id": "c2", "Name": "The Dark Side of the Moon", "Type": "MusicAlbum", "ProductionYear": 1973, "IndexNumber": 4,
        "AlbumArtist": "Pink Floyd", "AlbumArtists": [{"Name": "Pink Floyd", "Id": "c1"}, {"Name": "Clare Torry", "Id": "c9"}],
        "ProviderIds": {
            "MusicBrainzAlbum": "b84ee12a-09ef-421b-82de-0441a926375b",
            "MusicBrainzReleaseGroup": "f5093c06-23e3-404f-aeaa-40f72885ee3a",
            "MusicBrainzArtist": "83d91898-7763-47d7-b03b-b92132375c47",
            "MusicBrainzAlbumArtist": "83d91898-7763-47d7-b03b-b92132375c47",
            "AudioDbArtist": "111247", "AudioDbAlbum": "2115888"
        }
    }]}'),
    '[{
        "itemId": "c2", "type": "album", "title": "The Dark Side of the Moon", "year": 1973,
        "parentItemId": "c1", "artist": "Pink Floyd",
        "externalIds": {
            "musicbrainz": "b84ee12a-09ef-421b-82de-0441a926375b",
            "musicbrainz_release_group": "f5093c06-23e3-404f-aeaa-40f72885ee3a",
            "theaudiodb": "2115888"
        }
    }]',
    'An album has its first album artist as parent, and not the artist''s IDs'
);
select is(
    pymap.items_from_jellyfin('{"Items": [{
        "Id": "c3", "Name": "Speak to Me", "Type": "Audio", "ProductionYear": 1973, "IndexNumber": 1, "ParentIndexNumber": 2,
        "AlbumId": "c2", "AlbumArtist": "Pink Floyd", "Artists": ["Nick Mason", "Pink Floyd"], "SeriesId": "no",
        "ProviderIds": {
            "MusicBrainzTrack": "d4156411-b884-368f-a4cb-7c0101a557a2",
            "MusicBrainzRecording": "bef3fddb-5aca-49f5-b2fd-d56a23268d63",
            "MusicBrainzAlbum": "b84ee12a-09ef-421b-82de-0441a926375b",
            "MusicBrainzReleaseGroup": "f5093c06-23e3-404f-aeaa-40f72885ee3a",
            "MusicBrainzArtist": "83d91898-7763-47d7-b03b-b92132375c47",
            "MusicBrainzAlbumArtist": "83d91898-7763-47d7-b03b-b92132375c47",
            "AudioDbAlbum": "2115888", "AudioDbArtist": "111247"
        }
    }]}'),
    '[{
        "itemId": "c3", "type": "track", "title": "Speak to Me", "year": 1973, "parentItemId": "c2", "artist": "Nick Mason",
        "discNumber": 2, "trackNumber": 1,
        "externalIds": {
            "musicbrainz": "bef3fddb-5aca-49f5-b2fd-d56a23268d63",
            "musicbrainz_track": "d4156411-b884-368f-a4cb-7c0101a557a2"
        }
    }]',
    'A track has its album as parent, its own artist, and not the IDs of album and artist'
);
select results_eq(
    $$
        select e ->> 'itemId', e ->> 'artist', e ->> 'parentItemId'
        from jsonb_array_elements(pymap.items_from_jellyfin('{"Items": [
            {"Id": "1", "Type": "Audio", "ArtistItems": [{"Name": "A", "Id": "7"}], "AlbumArtist": "B"},
            {"Id": "2", "Type": "Audio", "Artists": [], "AlbumArtist": "B"},
            {"Id": "3", "Type": "MusicAlbum", "AlbumArtists": [{"Name": "C", "Id": "8"}], "Artists": ["D"]},
            {"Id": "4", "Type": "MusicAlbum", "AlbumArtists": [], "ArtistItems": [{"Name": "D", "Id": "9"}], "Artists": ["D"]},
            {"Id": "5", "Type": "MusicVideo", "Artists": ["E"], "AlbumId": "6"}
        ]}')) as e
    $$,
    $$values ('1', 'A', null), ('2', 'B', null), ('3', 'C', '8'), ('4', 'D', '9'), ('5', null, null)$$,
    'The artist comes from the next best field; only albums and tracks have one'
);

-- Types and values

select results_eq(
    $$
        select t.type, pymap.items_from_jellyfin(jsonb_build_object('Items', jsonb_build_array(jsonb_build_object('Id', '1', 'Type', t.type)))) #>> '{0,type}'
        from unnest(array[
            'Movie', 'Series', 'Season', 'Episode', 'MusicArtist', 'MusicAlbum', 'Audio', 'MusicVideo',
            'Playlist', 'BoxSet', 'Photo', 'Book', 'AudioBook', 'Video', 'Folder', 'Trailer'
        ]) with ordinality as t(type, position)
        order by t.position
    $$,
    $$
        values ('Movie', 'movie'), ('Series', 'series'), ('Season', 'season'), ('Episode', 'episode'),
            ('MusicArtist', 'artist'), ('MusicAlbum', 'album'), ('Audio', 'track'), ('MusicVideo', 'music_video'),
            ('Playlist', 'playlist'), ('BoxSet', 'collection'), ('Photo', 'photo'), ('Book', 'book'),
            ('AudioBook', 'audiobook'), ('Video', 'video'), ('Folder', null), ('Trailer', null)
    $$,
    'Every type that has a media type'
);
select is(
    pymap.items_from_jellyfin('{"Items": [{
        "Id": "1", "Type": "Episode", "Name": null, "ProductionYear": "2008", "IndexNumber": "x", "ParentIndexNumber": 0, "SeriesId": "",
        "ProviderIds": {"Imdb": "", "Tmdb": null, "Tvdb": 349232, "TvRage": {"a": 1}, "AniDB": [1], "": "5"}
    }]}'),
    '[{"itemId": "1", "type": "episode", "year": 2008, "seasonNumber": 0, "externalIds": {"Tvdb": "349232"}}]',
    'What is empty or of a wrong type is left out; numbers and strings are taken for each other'
);
select is(
    pymap.items_from_jellyfin('{"Items": [{"Id": "1", "Type": "Movie", "ProviderIds": {}}, {"Id": "2", "Type": "Movie", "ProviderIds": "x"}, {"Id": "3", "Type": "Movie"}]}'),
    '[{"itemId": "1", "type": "movie"}, {"itemId": "2", "type": "movie"}, {"itemId": "3", "type": "movie"}]',
    'Without IDs there is no externalIds; the order is that of the response'
);

select results_eq(
    $$
        select e ->> 'itemId', e -> 'year'
        from jsonb_array_elements(pymap.items_from_jellyfin('{"Items": [
            {"Id": "a", "Type": "Movie", "ProductionYear": 1999, "PremiereDate": "1998-03-31T00:00:00.0000000Z"},
            {"Id": "b", "Type": "Movie", "PremiereDate": "1998-03-31T00:00:00.0000000Z"},
            {"Id": "c", "Type": "Movie", "ProductionYear": 1, "PremiereDate": "0001-01-01T00:00:00.0000000Z"},
            {"Id": "d", "Type": "Movie", "ProductionYear": 0, "PremiereDate": "1998-03-31"},
            {"Id": "e", "Type": "Movie", "PremiereDate": "March 1998"}
        ]}')) as e
    $$,
    $$values ('a', '1999'::jsonb), ('b', '1998'), ('c', null), ('d', '1998'), ('e', null)$$,
    'The year is that of the premiere where there is no other; year 1 is none'
);
select is(
    pymap.items_from_jellyfin('{"Items": [
        {"Id": "1", "Type": "Movie", "Path": "/m/Heat (1995)/Heat.mkv"}, {"Id": "2", "Type": "Series", "Path": "D:\\TV\\Lost"},
        {"Id": "3", "Type": "Movie", "Path": ""}, {"Id": "4", "Type": "Movie", "Path": "http://example.org/live.ts"}, {"Id": "5", "Type": "Movie", "Path": "smb://nas/m/Heat.mkv"}
    ]}'),
    '[
        {"itemId": "1", "type": "movie", "path": "/m/Heat (1995)/Heat.mkv"}, {"itemId": "2", "type": "series", "path": "D:\\TV\\Lost"},
        {"itemId": "3", "type": "movie"}, {"itemId": "4", "type": "movie"}, {"itemId": "5", "type": "movie", "path": "smb://nas/m/Heat.mkv"}
    ]',
    'The path is the file or the folder, as Jellyfin spells it; a link is none'
);

-- What is a part of a listing, or a selection, says so

select results_eq(
    $$
        select pymap.items_from_jellyfin(jsonb_build_object('Items', '[{"Id": "a", "Type": "Movie"}, {"Id": "b", "Type": "Folder"}]'::jsonb) || r.page::jsonb) -> 2
        from unnest(array[
            '{"TotalRecordCount": 5, "StartIndex": 0}', '{"TotalRecordCount": 5, "StartIndex": 3}', '{"TotalRecordCount": 5}',
            '{"TotalRecordCount": 2, "StartIndex": 0}', '{"TotalRecordCount": 0, "StartIndex": 0}', '{"TotalRecordCount": 0, "StartIndex": 2}', '{}'
        ]) with ordinality as r (page, position)
        order by r.position
    $$,
    $$
        values ('{"listing": {"total": 5, "start": 0, "count": 2, "first": "a"}}'::jsonb), ('{"listing": {"total": 5, "start": 3, "count": 2, "first": "a"}}'),
            ('{"listing": {"total": 5, "start": null, "count": 2, "first": "a"}}'), (null), (null), (null), (null)
    $$,
    'A page; total 0 next to entries is no total'
);
select is(
    pymap.items_from_jellyfin('{"Items": [], "TotalRecordCount": 5, "StartIndex": 5}'),
    '[{"listing": {"total": 5, "start": 5, "count": 0, "first": null}}]', 'The page after the last'
);
select is(
    pymap.items_from_jellyfin('[{"Id": "1", "Type": "Movie"}]'), '[{"itemId": "1", "type": "movie"}, {"listing": {"selection": "latest"}}]', '/Items/Latest is a bare array'
);
select is(pymap.items_from_jellyfin('[]'), '[{"listing": {"selection": "latest"}}]', 'Also if nothing is new');
select is(
    pymap.items_from_jellyfin('{"SearchHints": [{"ItemId": "1", "Id": "1", "Name": "Heat", "Type": "Movie", "ProductionYear": 1995}], "TotalRecordCount": 1}'),
    '[{"itemId": "1", "type": "movie", "title": "Heat", "year": 1995}, {"listing": {"selection": "search"}}]', 'A search'
);
select is(
    pymap.items_from_jellyfin('{"Id": "1", "Name": "Heat", "Type": "Movie", "ServerId": "s"}'),
    '[{"itemId": "1", "type": "movie", "title": "Heat"}, {"listing": {"selection": "item"}}]', 'A single item'
);
select is(
    pymap.items_from_jellyfin('{"items": [{
        "id": "3", "name": "Animals", "type": "MusicAlbum", "productionYear": 1977, "path": "/m/Animals", "albumArtists": [{"name": "Pink Floyd", "id": "9"}],
        "providerIds": {"musicBrainzAlbum": "b84ee12a-09ef-421b-82de-0441a926375b"}
    }], "totalRecordCount": 2, "startIndex": 0}'),
    '[
        {"itemId": "3", "type": "album", "title": "Animals", "year": 1977, "path": "/m/Animals", "artist": "Pink Floyd", "parentItemId": "9",
            "externalIds": {"musicbrainz": "b84ee12a-09ef-421b-82de-0441a926375b"}},
        {"listing": {"total": 2, "start": 0, "count": 1, "first": "3"}}
    ]',
    'Keys in camelCase'
);
select is(
    array[
        pymap.items_from_jellyfin('[{"id": "1", "type": "Movie"}]'), pymap.items_from_jellyfin('{"id": "1", "type": "Movie"}'),
        pymap.items_from_jellyfin('{"searchHints": [{"id": "1", "type": "Movie"}]}')
    ],
    array[
        '[{"itemId": "1", "type": "movie"}, {"listing": {"selection": "latest"}}]', '[{"itemId": "1", "type": "movie"}, {"listing": {"selection": "item"}}]',
        '[{"itemId": "1", "type": "movie"}, {"listing": {"selection": "search"}}]'
    ]::jsonb[],
    'In every shape'
);

-- Entries that can be no item

select is(
    pymap.items_from_jellyfin('{"Items": [
        {"Id": "1", "Type": "Movie", "Name": "Bloopers", "ExtraType": "BehindTheScenes"}, {"Id": "2", "Type": "Movie", "ExtraType": null},
        {"Id": "3", "Type": "Episode", "Name": "Not yet", "LocationType": "Virtual"}, {"Id": "4", "Type": "Season", "LocationType": "Virtual"}
    ]}'),
    '[
        {"error": "The entry is an extra of another one: ExtraType is \"BehindTheScenes\".", "entry": {"Id": "1", "Type": "Movie", "Name": "Bloopers"}},
        {"itemId": "2", "type": "movie"},
        {"error": "The episode is missing on the server: LocationType is \"Virtual\".", "entry": {"Id": "3", "Type": "Episode", "Name": "Not yet"}},
        {"itemId": "4", "type": "season"}
    ]',
    'Extras and missing episodes; a virtual season has its episodes'
);
select is(
    pymap.items_from_jellyfin('{"Items": [{"Id": "f", "Name": "Extras", "Type": "Folder", "Path": "/x"}, {"Id": "1", "Type": "Movie"}, {"Id": null, "Name": "A", "Type": "Movie"}, 7, {"Id": "2"}]}'),
    '[
        {"error": "The type \"Folder\" has no pymap media type.", "entry": {"Id": "f", "Name": "Extras", "Type": "Folder"}},
        {"itemId": "1", "type": "movie"},
        {"error": "The entry has no ID: Id is a JSON null.", "entry": {"Id": null, "Name": "A", "Type": "Movie"}},
        {"error": "The entry is not an object but a number.", "entry": 7},
        {"error": "The entry has no type: Type is missing.", "entry": {"Id": "2"}}
    ]',
    'They are reported in place'
);
select is(pymap.items_from_jellyfin('{"Items": [], "TotalRecordCount": 0}'), '[]', 'An empty library');

select is(
    pymap.items_from_jellyfin(
        '{"NotificationType": "ItemAdded", "ItemId": "e", "ItemType": "Episode", "Name": "Pilot", "Year": 2008, "PremiereDate": "2009-01-20",
          "SeriesId": "s", "SeasonNumber": 2, "SeasonNumber00": "02", "EpisodeNumber": 1, "Provider_tvdb": "349232", "Path": "/tv/Pilot.mkv"}'
    ) -> 0,
    '{"itemId": "e", "type": "episode", "title": "Pilot", "year": 2009, "parentItemId": "s", "seasonNumber": 2, "episodeNumber": 1,
      "externalIds": {"tvdb": "349232"}, "path": "/tv/Pilot.mkv"}',
    'A notification names an episode with its numbers and its own year, not its series'''
);
select is(
    pymap.items_from_jellyfin('{"NotificationType": "ItemAdded", "ItemId": "s2", "ItemType": "Season", "Name": "Season 2", "SeriesId": "s", "SeasonNumber": 2}') -> 0,
    '{"itemId": "s2", "type": "season", "title": "Season 2", "parentItemId": "s", "seasonNumber": 2}',
    'And a season'
);
select is(
    pymap.items_from_jellyfin('{"NotificationType": "ItemAdded", "ItemId": "a", "ItemType": "MusicAlbum", "Name": "Low", "Year": 1977, "Artist": "David Bowie", "Provider_musicbrainzalbum": "b84ee12a-09ef-421b-82de-0441a926375b"}') -> 0,
    '{"itemId": "a", "type": "album", "title": "Low", "year": 1977, "artist": "David Bowie", "externalIds": {"musicbrainz": "b84ee12a-09ef-421b-82de-0441a926375b"}}',
    'And an album'
);
select is(
    pymap.items_from_jellyfin('{"NotificationType": "ItemDeleted", "ItemId": "m", "ItemType": "Movie", "Name": "Alien"}') -> 0 ->> 'error',
    'The server notifies that the entry was deleted.',
    'What was deleted is no item'
);

select * from finish();

rollback;
