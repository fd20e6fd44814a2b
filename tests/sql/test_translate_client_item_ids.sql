begin;

select plan(16);

insert into pymap.media_items (id, type, sync_clients) values
    (101, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}, {"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]'),
    (102, 'movie', '[
        {"clientId": 1, "clientType": "plex", "itemId": "b"}, {"clientId": 1, "clientType": "plex", "itemId": "b-4K"},
        {"clientId": 3, "clientType": "kodi", "itemId": "1"}, {"clientId": 3, "clientType": "kodi", "itemId": "2"}
    ]'),
    (103, 'series', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}, {"clientId": 1, "clientType": "plex", "itemId": "c"}]'),
    (104, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "A"}]');

-- Everything below runs where nothing can be written.
set transaction read only;

select results_eq(
    $$select * from pymap.translate_client_item_ids(1, array['a'], 4)$$,
    $$values ('a', 'movie', 101::bigint, 'f27caa37e5142225ccebded48f6553a2')$$,
    'What the other client calls it, in a READ ONLY transaction'
);
select results_eq(
    $$
        select from_item_id, media_type, media_item_id, to_item_id
        from pymap.translate_client_item_ids(p_from_client_id => 4, p_client_item_ids => array['F27CAA37-E514-2225-CCEB-DED48F6553A2'], p_to_client_id => 1)
    $$,
    $$values ('F27CAA37-E514-2225-CCEB-DED48F6553A2', 'movie', 101::bigint, 'a')$$,
    'A Jellyfin GUID in any spelling, returned as it was asked for; arguments by name'
);
select results_eq(
    $$select from_item_id, to_item_id from pymap.translate_client_item_ids(1, array['b', 'b-4K'], 3) order by 1, 2$$,
    $$values ('b', '1'), ('b', '2'), ('b-4K', '1'), ('b-4K', '2')$$, 'Editions: every ID of the other client'
);
select results_eq(
    $$select * from pymap.translate_client_item_ids(3, array['1'], 1) order by 2, 4$$,
    $$values ('1', 'movie', 102::bigint, 'b'), ('1', 'movie', 102, 'b-4K'), ('1', 'series', 103, 'c')$$,
    'Movie 1 and series 1 are told apart'
);
select results_eq(
    $$select to_item_id from pymap.translate_client_item_ids(3, array['1'], 1, 'series')$$, $$values ('c')$$, 'One media type only'
);
select results_eq(
    $$select * from pymap.translate_client_item_ids(1, array['a', 'nothing'], 3)$$,
    $$values ('a', 'movie', 101::bigint, null::text)$$,
    'NULL where the other client does not have the item, no row where the ID is not mapped'
);
select results_eq(
    $$select media_item_id, to_item_id from pymap.translate_client_item_ids(1, array['A'], 1)$$, $$values (104::bigint, 'A')$$,
    'IDs are case-sensitive; a client can be translated into itself'
);
select is_empty($$select * from pymap.translate_client_item_ids(1, '{}', 3)$$, 'No rows for no IDs');
select is_empty($$select * from pymap.translate_client_item_ids(1, array['a'], 4, null, 1)$$, 'No rows of another tenant');
select matches(
    helpers.refusal(format('select * from pymap.translate_client_item_ids(%s)', b.arguments)),
    '^22023\|' || b.detail || '.*\|.+', 'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, array[''a''], 4', 'p_from_client_id is ''0''', 'client ID 0'),
    ('1, array[''a''], null', 'p_to_client_id is NULL', 'the other client''s ID NULL'),
    ('1, null, 4', 'p_client_item_ids is NULL', 'IDs NULL'),
    ('1, array[''a'', ''''], 4', 'p_client_item_ids\[2\] is ''''', 'an empty ID, with its position'),
    ('1, array[''a'', null], 4', 'p_client_item_ids\[2\] is NULL', 'ID NULL, with its position'),
    ('1, array[repeat(''a'', 1025)], 4', 'p_client_item_ids\[1\] is ''aaa', 'an ID of 1,025 bytes, with its position'),
    ('1, array[''a''], 4, ''film''', 'p_media_type is ''film''', 'a media type that is not known')
) as b (arguments, detail, problem);

select * from finish();

rollback;
