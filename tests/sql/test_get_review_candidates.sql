begin;

select plan(17);

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "a", "type": "movie", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}, {"itemId": "b", "type": "movie", "title": "X", "year": 1999, "externalIds": {"tmdb": "2"}},
        {"itemId": "c", "type": "movie", "externalIds": {"imdb": "7", "tvdb": "1"}}, {"itemId": "d", "type": "movie", "externalIds": {"imdb": "7", "tvdb": "2"}},
        {"itemId": "s", "type": "series", "externalIds": {"tvdb": "5"}},
        {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "11"}},
        {"itemId": "f", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "12"}}
    ]');
    perform pymap.sync_client_items(2, 'emby', '[
        {"itemId": "x", "type": "movie", "title": "X", "year": 1999}, {"itemId": "y", "type": "movie", "externalIds": {"imdb": "7"}}, {"itemId": "plain", "type": "movie", "title": "Y", "year": 1999},
        {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "z", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1}
    ]');
end
$$;
create function pg_temp.item(p_name text) returns bigint language sql as $$
    select m.media_item_id from pymap.client_items as m where m.tenant_id = 0 and m.client_item_id = p_name;
$$;
create function pg_temp.name_of(p_media_item_id bigint) returns text language sql as $$
    select min(m.client_item_id) collate "default" from pymap.client_items as m where m.tenant_id = 0 and m.media_item_id = p_media_item_id;
$$;

select results_eq(
    'select pg_temp.name_of(media_item_id), pg_temp.name_of(candidate_id), evidence::text collate "default", weight, comparisons from pymap.get_review_candidates() order by 1, 2',
    $$
        values ('x', 'a', 'title', 10, '{"title": 7, "year": 3}'::jsonb), ('x', 'b', 'title', 10, '{"title": 7, "year": 3}'),
               ('y', 'c', 'external_ids', 14, '{"imdb": 12, "year": 2}'), ('y', 'd', 'external_ids', 14, '{"imdb": 12, "year": 2}'),
               ('z', 'e', 'numbers', 10, '{"place": 10}'), ('z', 'f', 'numbers', 10, '{"place": 10}')
    $$,
    'What a sync could not decide, with the candidates and what they have in common'
);
select results_eq(
    'select media_item_id, candidate_id from pymap.get_review_candidates()', 'select media_item_id, candidate_id from pymap.get_review_candidates() order by 1, 2', 'In order'
);
select is((select bool_and(noted_at = now()) from pymap.get_review_candidates()), true, 'With the time at which it was noted');
select results_eq(
    $$select pg_temp.name_of(candidate_id) from pymap.get_review_candidates(p_media_item_id => pg_temp.item('x'))$$, $$values ('a'), ('b')$$, 'Those of one media item; argument by name'
);
select is_empty($$select * from pymap.get_review_candidates(pg_temp.item('plain'))$$, 'None for a media item that was not in doubt');
select is_empty($$select * from pymap.get_review_candidates(pg_temp.item('a'))$$, 'Nor for a candidate');
select is_empty('select * from pymap.get_review_candidates(999999999)', 'Nor for a media item that does not exist');
select is_empty('select * from pymap.get_review_candidates(null, 1)', 'Nor in another tenant');
select is_empty($$select * from pymap.get_review_candidates(pg_temp.item('x'), 1)$$, 'Nor for a media item of another tenant');

create temporary table noted as select r.ctid::text as place, r.* from pymap.review_candidates as r;
do $$
begin
    perform pymap.sync_client_items(2, 'emby', '[
        {"itemId": "x", "type": "movie", "title": "X", "year": 1999}, {"itemId": "y", "type": "movie", "externalIds": {"imdb": "7"}}, {"itemId": "plain", "type": "movie", "title": "Y", "year": 1999},
        {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "z", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1}
    ]');
    perform pymap.sync_client_items(2, 'emby', '[{"itemId": "new", "type": "movie", "title": "X", "year": 1999}]', '{}', p_dry_run => true);
end
$$;
select results_eq('select ctid::text, r.* from pymap.review_candidates as r order by 2, 3, 4', 'select * from noted order by 2, 3, 4', 'The second sync notes nothing new, nor does a dry run');
select results_eq(
    $$select action from pymap.get_or_create_mappings(3, 'kodi', '[{"itemId": "new", "type": "movie", "title": "X", "year": 1999}]')$$, $$values ('created')$$,
    'A batch matches by title as well'
);
select results_eq(
    $$select pg_temp.name_of(candidate_id) from pymap.get_review_candidates(pg_temp.item('new'))$$, $$values ('a'), ('b'), ('x')$$,
    'And notes what it could not decide'
);
do $$ begin perform pymap.get_or_create_mapping(3, 'kodi', 'single', 'movie', 'X', p_release_year => 1999); end $$;
select results_eq(
    $$select pg_temp.name_of(candidate_id) from pymap.get_review_candidates(pg_temp.item('single'))$$, $$values ('a'), ('b'), ('x')$$,
    'So does a single call; what only a title unites with another item of the same client is never it'
);

-- A question that is answered

create temporary table before_merge as select n.name, pg_temp.item(n.name) as id from unnest(array['a', 'b', 'c', 'd', 'x', 'y']) as n (name);
do $$ begin perform pymap.merge_media_items(pg_temp.item('a'), pg_temp.item('b')); end $$;
select results_eq(
    $$select b.name, c.name from pymap.get_review_candidates() as r join before_merge as b on b.id = r.media_item_id join before_merge as c on c.id = r.candidate_id where b.name = 'x'$$,
    $$values ('x', 'a')$$, 'Where two candidates are merged, the one that stays is the candidate'
);
do $$ begin perform pymap.sync_client_items(2, 'emby', '[{"itemId": "y", "type": "movie", "externalIds": {"imdb": "7", "tvdb": "1"}}]', '{}'); end $$;
select is(pymap.resolve_media_item((select id from before_merge where name = 'y')), (select id from before_merge where name = 'c'), 'An external ID shows which of two it is');
select is_empty($$select from pymap.get_review_candidates((select id from before_merge where name = 'y'))$$, 'Then nothing is to be reviewed any more');
select is_empty($$select from pymap.get_review_candidates((select id from before_merge where name = 'c'))$$, 'Nor of the media item that stays');

select * from finish();

rollback;
