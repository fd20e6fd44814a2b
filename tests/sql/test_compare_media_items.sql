begin;

select plan(11);

insert into pymap.media_items (id, type, title, release_year, external_ids) values
    (900000001, 'movie', 'Alien', 1979, '[{"source": "imdb", "id": "tt0078748"}, {"source": "tmdb", "id": "348"}]'),
    (900000002, 'movie', 'Aliens', 1986, '[{"source": "imdb", "id": "tt0090605"}, {"source": "letterboxd", "id": "1"}]'),
    (900000003, 'movie', 'ALIEN', 1979, '[{"source": "imdb", "id": "tt0078748"}, {"source": "tmdb", "id": "8077"}]'),
    (900000004, 'movie', 'Alien', 1979, '[{"source": "imdb", "id": "tt0078748"}, {"source": "tmdb", "id": "348"}, {"source": "tvdb", "id": "9"}]'),
    (900000005, 'movie', 'Alien', 1979, '[{"source": "imdb", "id": "tt0078748"}, {"source": "tmdb", "id": "348"}, {"source": "tvdb", "id": "8"}]'),
    (900000007, 'series', 'Lost', 2004, '[]');
insert into pymap.media_items (id, type, merged_into) values (900000006, 'movie', 900000001);
insert into pymap.media_items (id, type, title, parent_id, parent_number, number) values
    (900000008, 'episode', 'Pilot', 900000007, 1, 1), (900000009, 'episode', 'Pilot', 900000007, 1, 2);

select results_eq(
    'select * from pymap.compare_media_items(p_other_id => 900000002, p_media_item_id => 900000001, p_tenant_id => 0)',
    $$values ('title', 'Alien', 'Aliens', 'differs', -3, false), ('imdb', 'tt0078748', 'tt0090605', 'differs', -6, true), ('year', '1979', '1986', 'differs', -6, false)$$,
    'Every comparison; an external ID that differs contradicts; arguments by name'
);
select results_eq(
    'select field, media_item_says, other_says, weight from pymap.compare_media_items(900000001, 900000003)',
    $$values ('imdb', 'tt0078748', 'tt0078748', 12), ('title', 'Alien', 'ALIEN', 7), ('year', '1979', '1979', 3), ('tmdb', '348', '8077', -6)$$, 'The heaviest first'
);
select results_eq(
    'select field from pymap.compare_media_items(900000001, 900000003) where contradicting', $$values ('tmdb')$$, 'One that agrees does not outweigh one that differs'
);
select is_empty('select from pymap.compare_media_items(900000004, 900000005) where contradicting', 'Two do: one wrong ID is no contradiction');
select is(
    (select sum(c.weight) from pymap.compare_media_items(900000001, 900000003) as c), (select d.weight::bigint from pymap.find_duplicates() as d where d.media_item_id = 900000001 and d.duplicate_id = 900000003),
    'Together they are what find_duplicates weighs'
);
select results_eq(
    'select field, media_item_says, other_says from pymap.compare_media_items(900000008, 900000009) where contradicting',
    $$values ('place', 'media item 900000007 1x1', 'media item 900000007 1x2')$$, 'Another place contradicts'
);
select results_eq(
    'select * from pymap.compare_media_items(900000006, 900000002)', 'select * from pymap.compare_media_items(900000001, 900000002)', 'An ID that was merged stands for the other one'
);
select matches(helpers.refusal(format('select * from pymap.compare_media_items(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('1, 900000001', '^P0002\|.*p_media_item_id', 'one that does not exist'), ('900000001, 1', '^P0002\|.*p_other_id', 'the other one that does not'),
    ('900000001, 900000002, 1', '^P0002\|', 'of another tenant'), ('900000001, 900000002, null', '^22023\|p_tenant_id is NULL', 'no tenant')
) as b (arguments, refusal, problem);

select * from finish();

rollback;
