begin;

select plan(9);

do $$ begin perform pymap.sync_client_items(1, 'plex', '[
    {"itemId": "ran", "type": "movie", "title": "Ran", "year": 1985, "externalIds": {"imdb": "tt0089881", "tmdb": "11645"}},
    {"itemId": "ikiru", "type": "movie", "title": "Ikiru", "year": 1952, "externalIds": {"imdb": "tt0044741"}}
]'); end $$;
do $$ begin perform pymap.sync_client_items(2, 'emby', '[
    {"itemId": "r", "type": "movie", "title": "Ran", "year": 1985, "externalIds": {"imdb": "tt0089881", "tmdb": "11646"}},
    {"itemId": "k", "type": "movie", "title": "Kagemusha", "year": 1980, "externalIds": {"imdb": "tt0044741"}}
]'); end $$;
create function pg_temp.explained(p_client_item_id text, p_stored text) returns table (field text, weight numeric) language sql as $$
    select e.field::text, e.weight::numeric
    from pymap.explain_match(2, p_client_item_id, 'movie', pymap.get_media_item_by_client_id_and_type(1, p_stored, 'movie')) as e
$$;

select isnt_empty($$select * from pg_temp.explained('r', 'ran')$$, 'There are rows for a match');
select isnt_empty($$select * from pg_temp.explained('r', 'ikiru')$$, 'And for what is none');
select cmp_ok(
    (select sum(weight) from pg_temp.explained('r', 'ran')), '>', (select sum(weight) from pg_temp.explained('r', 'ikiru')), 'The match weighs more'
);
select cmp_ok((select sum(weight) from pg_temp.explained('r', 'ikiru')), '<', 0::numeric, 'Another title, year and ID weigh less than nothing');
select is((select count(*) from pg_temp.explained('r', 'ran') where weight < 0), 1::bigint, 'The wrong ID is the one comparison that speaks against the match');
select cmp_ok((select count(*) from pg_temp.explained('r', 'ran') where weight > 0), '>=', 3::bigint, 'The other ID, title and year speak for it');
select is((select count(*) from pg_temp.explained('k', 'ikiru') where weight < 0), 2::bigint, 'Title and year speak against an ID that agrees');
select is((select count(*) from pg_temp.explained('k', 'ikiru') where weight > 0), 1::bigint, 'Which is all that speaks for it');
select isnt_empty(
    $$select from pymap.get_review_candidates(pymap.get_media_item_by_client_id_and_type(2, 'k', 'movie')) as r
    where r.candidate_id = pymap.get_media_item_by_client_id_and_type(1, 'ikiru', 'movie')$$,
    'So it is listed for review'
);

select * from finish();
rollback;
