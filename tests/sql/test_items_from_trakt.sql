begin;

select plan(25);

select volatility_is('pymap', 'items_from_trakt', array['jsonb'], 'immutable', 'Nothing but the argument decides');

-- Films

select is(
    pymap.items_from_trakt('[{
        "collected_at": "2014-01-20T07:04:04.000Z",
        "movie": {"title": "TRON: Legacy", "year": 2010, "ids": {"trakt": 12601, "slug": "tron-legacy-2010", "imdb": "tt1104001", "tmdb": 20526}}
    }]'),
    '[{"itemId": "12601", "type": "movie", "title": "TRON: Legacy", "year": 2010,
        "externalIds": {"trakt": "12601", "imdb": "tt1104001", "tmdb": "20526"}}]',
    'A film of a collection; the slug is no ID'
);
select is(
    pymap.items_from_trakt('[
        {"id": 1, "type": "movie", "movie": {"title": "The Dark Knight", "ids": {"trakt": 4, "imdb": "tt0468569"}}},
        {"id": 2, "type": "movie", "movie": {"title": "Inception", "ids": {"trakt": 16662}}},
        {"id": 3, "type": "movie", "movie": {"title": "The Dark Knight", "ids": {"trakt": 4, "imdb": "tt0000001"}}},
        {"id": 4, "type": "movie", "movie": {"title": "The Dark Knight", "ids": {"trakt": "4"}}}
    ]'),
    '[
        {"itemId": "4", "type": "movie", "title": "The Dark Knight", "externalIds": {"trakt": "4", "imdb": "tt0468569"}},
        {"itemId": "16662", "type": "movie", "title": "Inception", "externalIds": {"trakt": "16662"}}
    ]',
    'A film that a history repeats is one item, the first'
);

-- Things without a wrapper

select is(
    pymap.items_from_trakt('[
        {"title": "TRON: Legacy", "year": 2010, "ids": {"trakt": 12601, "slug": "tron-legacy-2010", "imdb": "tt1104001", "tmdb": 20526}},
        {"title": "Breaking Bad", "year": 2008, "ids": {"trakt": 1388, "slug": "breaking-bad", "tvdb": 81189, "imdb": "tt0903747", "tmdb": 1396}},
        {"number": 1, "ids": {"trakt": 3950, "tvdb": 30272, "tmdb": 3572}},
        {"season": 1, "number": 2, "title": "Cat''s in the Bag...", "ids": {"trakt": 73483, "tvdb": 349235}},
        {"type": "show", "title": "Lost", "ids": {"trakt": 73}},
        {"title": "C", "year": 1999, "ids": {"trakt": 9}}, {"name": "Bryan Cranston", "ids": {"trakt": 142, "imdb": "nm0186505", "tmdb": 17419}}
    ]'),
    '[
        {"itemId": "12601", "type": "movie", "title": "TRON: Legacy", "year": 2010, "externalIds": {"trakt": "12601", "imdb": "tt1104001", "tmdb": "20526"}},
        {"itemId": "1388", "type": "series", "title": "Breaking Bad", "year": 2008, "externalIds": {"trakt": "1388", "tvdb": "81189", "imdb": "tt0903747", "tmdb": "1396"}},
        {"itemId": "3950", "type": "season", "seasonNumber": 1, "externalIds": {"trakt": "3950", "tvdb": "30272", "tmdb": "3572"}},
        {"itemId": "73483", "type": "episode", "title": "Cat''s in the Bag...", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"trakt": "73483", "tvdb": "349235"}},
        {"itemId": "73", "type": "series", "title": "Lost", "externalIds": {"trakt": "73"}},
        {"error": "The entry holds no movie, show, season or episode.", "entry": {"title": "C", "ids.trakt": 9}},
        {"error": "The entry holds no movie, show, season or episode.", "entry": {"ids.trakt": 142}},
        {"listing": {"selection": "list"}}
    ]',
    'Their kind shows by their fields, or they can be no item'
);

-- Selections

select is(pymap.items_from_trakt(r.response::jsonb) -> -1, pymap._listing_selection(r.selection), 'A selection: ' || r.selection)
from (values
    ('history', '[{"id": 1, "watched_at": "2014-03-31T09:28:53.000Z", "action": "scrobble", "type": "movie", "movie": {"ids": {"trakt": 1}}}]'),
    ('playback', '[{"id": 1, "progress": 10, "paused_at": "2014-03-31T09:28:53.000Z", "type": "movie", "movie": {"ids": {"trakt": 1}}}]'),
    ('search', '[{"type": "movie", "score": 26.2, "movie": {"ids": {"trakt": 1}}}]'),
    ('trending', '[{"watchers": 21, "movie": {"ids": {"trakt": 1}}}]'),
    ('item', '{"action": "start", "progress": 1, "movie": {"ids": {"trakt": 1}}}'),
    ('item', '{"title": "Lost", "ids": {"trakt": 73, "tvdb": 73739}}')
) as r (selection, response);
select is(
    array(
        select pymap.items_from_trakt(jsonb_build_array('{"movie": {"ids": {"trakt": 1}}}' || r.entry::jsonb))
        from unnest(array['{"collected_at": "x"}', '{"rated_at": "x", "rating": 5}', '{"listed_at": "x", "rank": 1}', '{"plays": 2, "last_watched_at": "x"}']) as r (entry)
    ),
    array_fill('[{"itemId": "1", "type": "movie", "externalIds": {"trakt": "1"}}]'::jsonb, array[4]),
    'A collection, ratings, a watchlist and what was watched are none'
);

-- Series

select is(
    pymap.items_from_trakt('[
        {"rated_at": "2015-01-07T08:31:54.000Z", "rating": 10,
            "episode": {"season": 4, "number": 1, "title": "Fun Run (1)", "ids": {"trakt": 182068, "tvdb": 335408, "imdb": "", "tmdb": 170244, "tvrage": null}},
            "show": {"title": "The Office", "year": 2005, "ids": {"trakt": 2302, "slug": "the-office", "tvdb": 73244, "imdb": "tt0386676"}}},
        {"rated_at": "2015-01-07T08:31:54.000Z", "rating": 10,
            "episode": {"season": 4, "number": 2, "title": "Fun Run (2)", "ids": {"trakt": 182069}},
            "show": {"title": "The Office", "year": 2005, "ids": {"trakt": 2302, "slug": "the-office", "tvdb": 73244, "imdb": "tt0386676"}}}
    ]'),
    '[
        {"itemId": "182068", "type": "episode", "title": "Fun Run (1)", "parentItemId": "2302", "seasonNumber": 4, "episodeNumber": 1,
            "externalIds": {"trakt": "182068", "tvdb": "335408", "tmdb": "170244"}},
        {"itemId": "2302", "type": "series", "title": "The Office", "year": 2005,
            "externalIds": {"trakt": "2302", "tvdb": "73244", "imdb": "tt0386676"}},
        {"itemId": "182069", "type": "episode", "title": "Fun Run (2)", "parentItemId": "2302", "seasonNumber": 4, "episodeNumber": 2,
            "externalIds": {"trakt": "182069"}}
    ]',
    'An episode brings its series along, once, and has it as parent'
);
select is(
    pymap.items_from_trakt('[{"type": "season", "season": {"number": 1, "ids": {"trakt": 3950, "tvdb": 30272}}, "show": {"title": "Breaking Bad", "ids": {"trakt": 1388}}}]'),
    '[
        {"itemId": "3950", "type": "season", "parentItemId": "1388", "seasonNumber": 1, "externalIds": {"trakt": "3950", "tvdb": "30272"}},
        {"itemId": "1388", "type": "series", "title": "Breaking Bad", "externalIds": {"trakt": "1388"}}
    ]',
    'So does a season'
);
select is(
    pymap.items_from_trakt('[{"rank": 1, "id": 101, "type": "show", "show": {"title": "Breaking Bad", "year": 2008, "ids": {"trakt": 1388}}}]'),
    '[{"itemId": "1388", "type": "series", "title": "Breaking Bad", "year": 2008, "externalIds": {"trakt": "1388"}}]',
    'A series of a watchlist'
);
select is(
    pymap.items_from_trakt('[{"movie": {"ids": {"trakt": 1}}}, {"show": {"ids": {"trakt": 1}}}, {"episode": {"season": 0, "number": 0, "ids": {"trakt": 1}}}]'),
    '[
        {"itemId": "1", "type": "movie", "externalIds": {"trakt": "1"}},
        {"itemId": "1", "type": "series", "externalIds": {"trakt": "1"}},
        {"itemId": "1", "type": "episode", "seasonNumber": 0, "episodeNumber": 0, "externalIds": {"trakt": "1"}}
    ]',
    'The same number stands for different things of different types'
);

-- A collection of series

select is(
    pymap.items_from_trakt('[
        {"show": {"title": "Chuck", "year": 2007, "ids": {"trakt": 1395}}, "seasons": [
            {"number": 1, "episodes": [{"number": 1}, {"number": 2}]}, {"number": 2, "episodes": [{"number": 1, "ids": {"trakt": null}}]}
        ]},
        {"show": {"title": "30 Rock", "year": 2006, "ids": {"trakt": 4584}}, "seasons": []}
    ]'),
    '[
        {"itemId": "1395", "type": "series", "title": "Chuck", "year": 2007, "externalIds": {"trakt": "1395"}},
        {"error": "The show lists 3 of its episodes without ids.trakt; they cannot be items.", "entry": {"ids.trakt": 1395, "type": "series", "title": "Chuck"}},
        {"itemId": "4584", "type": "series", "title": "30 Rock", "year": 2006, "externalIds": {"trakt": "4584"}}
    ]',
    'Episodes by number alone are counted, show by show'
);
select is(
    pymap.items_from_trakt('[{"show": {"ids": {"trakt": 1388}}, "seasons": [
        {"number": 2, "ids": {"trakt": 3951}, "episodes": [{"number": 2, "title": "Grilled", "ids": {"trakt": 73489, "tvdb": 438917}}, {"number": 1}]},
        {"number": 1, "episodes": [{"number": 1, "ids": {"trakt": 73482}}]}
    ]}]'),
    '[
        {"itemId": "1388", "type": "series", "externalIds": {"trakt": "1388"}},
        {"error": "The show lists 1 of its episodes without ids.trakt; they cannot be items.", "entry": {"ids.trakt": 1388, "type": "series"}},
        {"itemId": "3951", "type": "season", "parentItemId": "1388", "seasonNumber": 2, "externalIds": {"trakt": "3951"}},
        {"itemId": "73489", "type": "episode", "title": "Grilled", "parentItemId": "1388", "seasonNumber": 2, "episodeNumber": 2,
            "externalIds": {"trakt": "73489", "tvdb": "438917"}},
        {"itemId": "73482", "type": "episode", "parentItemId": "1388", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"trakt": "73482"}}
    ]',
    'Those with an ID are items'
);

-- Values

select is(
    pymap.items_from_trakt('[{"movie": {"ids": {
        "trakt": 481, "imdb": "", "tmdb": null, "tvdb": {"a": 1}, "plex": {"guid": "5d776825880197001ec90ed4", "slug": "the-matrix"}, "": "5"
    }}}]') #> '{0,externalIds}',
    '{"trakt": "481", "plex": "5d776825880197001ec90ed4"}', 'Plex'' ID comes as an object; what is empty or of a wrong type is left out'
);
select is(
    pymap.items_from_trakt('[{"episode": {"season": "x", "number": [1], "title": null, "ids": {"trakt": "7"}}, "show": null}, {"movie": {"title": "A", "year": "1999", "ids": {"trakt": 8}}}]'),
    '[
        {"itemId": "7", "type": "episode", "externalIds": {"trakt": "7"}},
        {"itemId": "8", "type": "movie", "title": "A", "year": 1999, "externalIds": {"trakt": "8"}}
    ]',
    'An episode whose series is not told'
);
select is(pymap.items_from_trakt('[]'), '[]', 'An empty list');

-- Entries that can be no item

select results_eq(
    $$
        select e ->> 'error', e -> 'entry'
        from jsonb_array_elements(pymap.items_from_trakt('[
            {"movie": {"title": "A", "year": 1999, "ids": {"slug": "a"}}}, {"movie": {"title": "B", "ids": {"trakt": ""}}},
            {"movie": {"ids": 5}}, {"movie": 5}, {"type": "person", "person": {"ids": {"trakt": 1}}}, {"type": "movie", "movie": null},
            {"title": "C", "year": 1999, "ids": {"trakt": 9}}, 42, null
        ]')) as e
    $$,
    $$
        values
            ('The entry has no ID: ids.trakt is missing.', '{"type": "movie", "title": "A"}'::jsonb),
            ('The entry has no ID: ids.trakt is an empty string.', '{"type": "movie", "title": "B", "ids.trakt": ""}'),
            ('The entry has no ID: ids.trakt is missing.', '{"type": "movie"}'),
            ('The entry is not an object but a number.', '5'),
            ('The entry holds no movie, show, season or episode.', '{"type": "person"}'),
            ('The entry holds no movie, show, season or episode.', '{"type": "movie"}'),
            ('The entry holds no movie, show, season or episode.', '{"title": "C", "ids.trakt": 9}'),
            ('The entry is not an object but a number.', '42'),
            ('The entry is not an object but a JSON null.', 'null')
    $$,
    'They are reported in place'
);
select is(
    jsonb_path_query_array(pymap.items_from_trakt('[{"movie": {"ids": {"trakt": 3}}}, 5, {"movie": {"ids": {"trakt": 1}}}, 5]'), '$[*] ? (exists (@.itemId)).itemId'),
    '["3", "1"]', 'The order is that of the response'
);
select is(jsonb_array_length(pymap.items_from_trakt('[5, 5, {"movie": {}}, {"movie": {}}]')), 4, 'Each one of the unusable entries is reported');
select is(
    pymap.items_from_trakt('[{"episode": {"season": 1, "number": 1, "ids": {"trakt": 7}}, "show": {"title": "A"}}]'),
    '[
        {"itemId": "7", "type": "episode", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"trakt": "7"}},
        {"error": "The entry has no ID: ids.trakt is missing.", "entry": {"type": "series", "title": "A"}}
    ]',
    'A series without an ID does not cost its episode'
);

select is(pymap.items_from_trakt('"[]"'), '[]', 'JSON in a string is read');

select * from finish();

rollback;
