begin;

select plan(8);

create function pg_temp.item(p_client_id bigint, p_client_item_id text) returns bigint language sql as $$
    select pymap.resolve_media_item(pymap.get_media_item_by_client_id_and_type(p_client_id, p_client_item_id, 'movie'))
$$;

-- What a person said
do $$ begin perform pymap.sync_client_items(1, 'plex', '[{"itemId": "a", "type": "movie", "title": "Twins", "year": 1988, "externalIds": {"imdb": "tt9900011"}}]'); end $$;
do $$ begin perform pymap.sync_client_items(2, 'emby', '[{"itemId": "b", "type": "movie", "title": "Twins", "year": 1925, "externalIds": {"tmdb": "990011"}}]'); end $$;
do $$ begin perform pymap.mark_distinct(pg_temp.item(1, 'a'), pg_temp.item(2, 'b')); end $$;
do $$ begin perform pymap.sync_client_items(3, 'kodi', '[{"itemId": "1", "type": "movie", "title": "Twins", "year": 1988, "externalIds": {"imdb": "tt9900011", "tmdb": "990011"}}]'); end $$;
select isnt(pg_temp.item(1, 'a'), pg_temp.item(2, 'b'), 'A third server with the IDs of both does not unite what was marked as distinct');
select is_empty(
    $$select from pymap.find_duplicates() as d where array[pg_temp.item(1, 'a'), pg_temp.item(2, 'b')] <@ array[d.media_item_id, d.duplicate_id]$$,
    'Nor is it proposed'
);
select is_empty(
    $$select from pymap.get_review_candidates() as r where array[pg_temp.item(1, 'a'), pg_temp.item(2, 'b')] <@ array[r.media_item_id, r.candidate_id]$$,
    'Or listed for review'
);

-- One listing
do $$ begin perform pymap.sync_client_items(1, 'plex', '[
    {"itemId": "c", "type": "movie", "title": "Siblings", "year": 2004}, {"itemId": "d", "type": "movie", "title": "Siblings", "year": 2004},
    {"itemId": "e", "type": "movie", "title": "Clones", "year": 2002, "externalIds": {"imdb": "tt9900012"}}, {"itemId": "f", "type": "movie", "title": "Clones", "year": 2002, "externalIds": {"imdb": "tt9900012"}}
]', p_allow_removals => true); end $$;
select isnt(pg_temp.item(1, 'c'), pg_temp.item(1, 'd'), 'Title and year do not unite two entries of one listing');
select is(pg_temp.item(1, 'e'), pg_temp.item(1, 'f'), 'An external ID does');
do $$ begin perform pymap.sync_client_items(2, 'emby', '[{"itemId": "g", "type": "movie", "title": "Siblings", "year": 2004}]', p_allow_removals => true); end $$;
select isnt(pg_temp.item(1, 'c'), pg_temp.item(1, 'd'), 'Another server''s entry does not unite them either');

-- Two media items that contradict each other
do $$ begin perform pymap.sync_client_items(4, 'plex', '[{"itemId": "h", "type": "movie", "title": "North", "year": 1994, "externalIds": {"imdb": "tt9900013", "tmdb": "990013"}}]'); end $$;
do $$ begin perform pymap.sync_client_items(5, 'emby', '[{"itemId": "i", "type": "movie", "title": "South", "year": 1931, "externalIds": {"imdb": "tt9900014", "tmdb": "990014"}}]'); end $$;
do $$ begin perform pymap.sync_client_items(6, 'kodi', '[{"itemId": "1", "type": "movie", "title": "North", "year": 1994, "externalIds": {"imdb": "tt9900013", "tmdb": "990014"}}]'); end $$;
select isnt(pg_temp.item(4, 'h'), pg_temp.item(5, 'i'), 'An entry with IDs of both does not unite two that have nothing else in common');
select is(pg_temp.item(6, '1'), pg_temp.item(4, 'h'), 'It is the one whose title and year it has');

select * from finish();
rollback;
