-- The keys of items: the names of the year, external IDs as addresses, keys that nobody knows.
begin;
select plan(26);

-- What is raised is kept apart: client_min_messages hides the warnings from the runner.
set local client_min_messages = error;

create function pg_temp.batch(p_items text) returns setof text language sql as $$
    select r.client_item_id || ' ' || r.action from pymap.get_or_create_mappings(900000001, 'plex', p_items::jsonb) as r
$$;
create function pg_temp.year(p_item_id text) returns integer language sql as $$
    select m.release_year from pymap.media_items as m
    where m.id = pymap.get_media_item_by_client_id(900000001, p_item_id)
$$;

do $$
begin
    perform pg_temp.batch('[
        {"itemId": "1", "type": "movie", "title": "A", "year": 1999},
        {"itemId": "2", "type": "movie", "title": "B", "releaseYear": 1999},
        {"itemId": "3", "type": "movie", "title": "C", "release_year": "1999"},
        {"itemId": "4", "type": "movie", "title": "D", "year": 0, "releaseYear": null, "release_year": 1999},
        {"itemId": "5", "type": "movie", "title": "E", "year": 1999, "releaseYear": "1999", "release_year": 1999},
        {"itemId": "6", "type": "movie", "title": "F (2001)", "releaseYear": 1999},
        {"itemId": "7", "type": "movie", "title": "G", "releaseYear": 0}
    ]');
end $$;
select is(pg_temp.year(y.item_id), y.year, y.why)
from (values
    ('1', 1999, 'year'), ('2', 1999, 'releaseYear'), ('3', 1999, 'release_year, as text'), ('4', 1999, 'The one that is known'),
    ('5', 1999, 'All of them'), ('6', 2001, 'The year in the title outweighs each'), ('7', null, 'None')
) as y (item_id, year, why);

do $$
begin
    perform pymap.sync_client_items(900000002, 'emby', '[{"itemId": "1", "type": "movie", "title": "A", "releaseYear": 1999}]');
    perform pymap.begin_client_sync(900000003, 'kodi');
    insert into pg_temp.pymap_listing (item) values ('{"itemId": "1", "type": "movie", "title": "A", "release_year": 1999}');
    perform pymap.apply_client_sync(900000003, 'kodi');
end $$;
select is(
    pymap.get_media_item_by_client_id(900000002, '1'), pymap.get_media_item_by_client_id(900000001, '1'), 'A sync reads releaseYear'
);
select is(
    pymap.get_media_item_by_client_id(900000003, '1'), pymap.get_media_item_by_client_id(900000001, '1'), 'A sync by COPY reads release_year'
);

select throws_ok(
    $$select pg_temp.batch('[{"itemId": "8", "type": "movie"}, {"itemId": "9", "type": "movie", "year": 1999, "releaseYear": 2003}]')$$,
    '22023', $$invalid value for p_items[1]: '{"year": 1999, "releaseYear": 2003}'$$, 'Two years contradict each other'
);
select throws_ok(
    $$select pg_temp.batch('[{"itemId": "9", "type": "movie", "releaseYear": 1999, "release_year": 2003}]')$$,
    '22023', $$invalid value for p_items[0]: '{"releaseYear": 1999, "release_year": 2003}'$$, 'Whichever they are'
);
select throws_ok(
    $$select pg_temp.batch('[{"itemId": "9", "type": "movie", "releaseYear": "soon"}]')$$,
    '22023', $$invalid value for p_items[0].releaseYear: 'soon'$$, 'releaseYear is a year'
);
select throws_ok(
    $$select pg_temp.batch('[{"itemId": "9", "type": "movie", "release_year": -1}]')$$,
    '22023', $$invalid value for p_items[0].release_year: '-1'$$, 'And so is release_year'
);
select is(pymap.get_media_item_by_client_id(900000001, '8'), null, 'Nothing was written');

-- External IDs

do $$
begin
    perform pg_temp.batch('[
        {"itemId": "20", "type": "movie", "externalIds": ["imdb://tt133093", "tmdb://603"]},
        {"itemId": "21", "type": "series", "externalIds": ["plex://show/5d9c", {"source": "tvdb", "id": 81189}]}
    ]');
    perform pymap.sync_client_items(900000002, 'emby', '[{"itemId": "20", "type": "movie", "externalIds": ["tmdb://0603"]}]', p_allow_removals => true);
end $$;
select is(
    (select m.external_ids from pymap.media_items as m where m.id = pymap.get_media_item_by_client_id(900000001, '20')),
    '[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]', 'External IDs of an item can be addresses'
);
select is(
    (select m.external_ids from pymap.media_items as m where m.id = pymap.get_media_item_by_client_id(900000001, '21')),
    '[{"source": "plex", "id": "5d9c"}, {"source": "tvdb", "id": "81189"}]', 'Next to others'
);
select is(
    pymap.get_media_item_by_client_id(900000002, '20'), pymap.get_media_item_by_client_id(900000001, '20'), 'A sync matches by them'
);
select is(
    pymap.get_or_create_mapping(900000004, 'emby', '7', 'movie', 'Other', p_external_ids => '["imdb://0133093"]'),
    pymap.get_media_item_by_client_id(900000001, '20'), 'And so does a single call'
);
do $$
begin
    update pymap.media_items set external_ids = external_ids || '["tvdb://169"]' where id = pymap.get_media_item_by_client_id(900000001, '20');
end $$;
select results_eq(
    $$select pymap.get_media_items_by_external_id('tvdb', '169')$$, $$select pymap.get_media_item_by_client_id(900000001, '20')$$,
    'An application writes them into the array'
);
select throws_ok(
    $$select pg_temp.batch('[{"itemId": "22", "type": "movie", "externalIds": ["tt0133093"]}]')$$,
    '22023', $$invalid value for p_items[0].externalIds: '["tt0133093"]'$$, 'An ID without a source is none'
);
select throws_ok(
    $$select pg_temp.batch('[{"itemId": "22", "type": "movie", "externalIds": "imdb://tt0133093"}]')$$,
    '22023', $$invalid value for p_items[0].externalIds: 'imdb://tt0133093'$$, 'Neither is an address without an array'
);
select throws_ok(
    $$select pg_temp.batch('[{"itemId": "22", "type": "movie", "externalIds": ["imdb://tt0133093", {"id": 1}]}]')$$,
    '22023', null, 'An element is checked that stands next to an address'
);

-- Keys that nobody knows are a warning, which tests/py/test_helper_arguments.py receives; here: they do no harm.

insert into pymap.media_types (name, number_key, parent_number_key) values ('chapter', 'chapterNumber', 'bookNumber');
select results_eq(
    $$select pg_temp.batch('[
        {"itemId": "30", "type": "movie", "title": "H", "Year": 1999, "": 1},
        {"itemId": "31", "type": "chapter", "chapterNumber": 1, "bookNumber": 2},
        {"error": "none", "entry": {}, "more": 1},
        {"listing": {"selection": "search"}, "more": 1}
    ]')$$,
    $$values ('30 created'), ('31 created'), (null)$$,
    'A key that is not known is ignored'
);
select is(pg_temp.year('30'), null, 'Keys are case-sensitive');

select is(
    pymap._item_problem('{"itemId": "1", "type": "movie", "year": 1999, "release_year": 2003}', true),
    'year, releaseYear, release_year', 'The problem names the three keys'
);
select is(pymap._item_year('{"year": 0, "release_year": 1999}'), 1999, 'The year is the one that is known');

select * from finish();

rollback;
