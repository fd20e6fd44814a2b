begin;

select plan(10);

select volatility_is('pymap', 'items_from_emby', array['jsonb'], 'immutable', 'Nothing but the argument decides');

select is(
    pymap.items_from_emby('{"Items": [{
        "Id": "4102", "Name": "The Matrix", "Type": "Movie", "ProductionYear": 1999, "ServerId": "e",
        "ProviderIds": {"IMDB": "tt0133093", "Tmdb": "603", "tmdbcollection": "2344"}
    }], "TotalRecordCount": 1}'),
    '[{
        "itemId": "4102", "type": "movie", "title": "The Matrix", "year": 1999,
        "externalIds": {"IMDB": "tt0133093", "Tmdb": "603"}
    }]',
    'Providers keep their spelling; which of them is not the film''s is known in any spelling'
);
select is(
    pymap.items_from_emby('{"Items": [{"Id": 4102, "Type": "Movie"}, {"Id": "04102", "Type": "Movie"}]}'),
    '[{"itemId": "4102", "type": "movie"}, {"itemId": "04102", "type": "movie"}]',
    'Item IDs are text, from a number or from a string of digits'
);
select is(
    pymap.items_from_emby('{"Items": [
        {"Id": "10", "Name": "Series 1", "Type": "Season", "IndexNumber": 1, "SeriesId": "9"},
        {"Id": "11", "Name": "Rose", "Type": "Episode", "IndexNumber": 1, "ParentIndexNumber": 1, "SeriesId": 9, "SeasonId": "10",
            "ProviderIds": {"Tvdb": "295294"}}
    ]}'),
    '[
        {"itemId": "10", "type": "season", "title": "Series 1", "parentItemId": "9", "seasonNumber": 1},
        {"itemId": "11", "type": "episode", "title": "Rose", "parentItemId": "9", "seasonNumber": 1, "episodeNumber": 1,
            "externalIds": {"Tvdb": "295294"}}
    ]',
    'The parent of seasons and episodes is the series'
);
select is(
    pymap.items_from_emby('{"Items": [{
        "Id": "7", "Name": "Speak to Me", "Type": "Audio", "AlbumId": "42", "AlbumArtist": "Pink Floyd", "IndexNumber": 1, "ParentIndexNumber": 1,
        "Artists": ["Pink Floyd"], "ArtistItems": [{"Name": "Pink Floyd", "Id": "12"}], "AlbumArtists": [{"Name": "Pink Floyd", "Id": "12"}],
        "ProviderIds": {
            "musicbrainztrack": "D4156411-B884-368F-A4CB-7C0101A557A2", "MusicBrainzAlbum": "b84ee12a-09ef-421b-82de-0441a926375b",
            "MusicBrainzReleaseGroup": "f5093c06-23e3-404f-aeaa-40f72885ee3a", "MusicBrainzArtist": "83d91898-7763-47d7-b03b-b92132375c47",
            "MusicBrainzAlbumArtist": "83d91898-7763-47d7-b03b-b92132375c47"
        }
    }]}'),
    '[{
        "itemId": "7", "type": "track", "title": "Speak to Me", "parentItemId": "42", "artist": "Pink Floyd",
        "discNumber": 1, "trackNumber": 1, "externalIds": {"musicbrainz_track": "D4156411-B884-368F-A4CB-7C0101A557A2"}
    }]',
    'A track has its own MusicBrainz ID alone, in the server''s spelling'
);
select is(
    pymap.items_from_emby('{"Items": [{"Id": "4101", "Name": "Movies", "Type": "CollectionFolder"}, {"Id": "", "Type": "Movie"}]}'),
    '[
        {"error": "The type \"CollectionFolder\" has no pymap media type.", "entry": {"Id": "4101", "Name": "Movies", "Type": "CollectionFolder"}},
        {"error": "The entry has no ID: Id is an empty string.", "entry": {"Id": "", "Type": "Movie"}}
    ]',
    'Unusable entries are reported in place'
);
select is(pymap.items_from_emby('{"Items": [], "TotalRecordCount": 0}'), '[]', 'An empty library');
select is(
    pymap.items_from_emby('{"Items": [{"Id": 7, "Type": "Movie", "Path": "/m/Heat.mkv"}], "TotalRecordCount": 2, "StartIndex": 1}'),
    '[{"itemId": "7", "type": "movie", "path": "/m/Heat.mkv"}, {"listing": {"total": 2, "start": 1, "count": 1, "first": "7"}}]', 'A page, and the path of a file'
);
select is(
    pymap.items_from_emby('[{"Id": "7", "Type": "Movie", "ExtraType": "Trailer"}]'),
    '[{"error": "The entry is an extra of another one: ExtraType is \"Trailer\".", "entry": {"Id": "7", "Type": "Movie"}}, {"listing": {"selection": "latest"}}]',
    'A selection, and an extra'
);

select is(
    pymap.items_from_emby('{"Title": "Alien", "Event": "library.deleted", "Item": {"Id": "7", "Type": "Movie", "Name": "Alien"}}'),
    '[{"error": "The server notifies that the entry was deleted.", "entry": {"Id": "7", "Type": "Movie", "Name": "Alien"}}, {"listing": {"selection": "webhook"}}]',
    'What a webhook reports as deleted is no item'
);

select * from finish();

rollback;
