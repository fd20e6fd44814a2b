begin;

select plan(18);

insert into pymap.media_items (id, type, sync_clients) values
    (101, 'movie', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}, {"clientId": 3, "clientType": "kodi", "itemId": "2"}]'),
    (102, 'series', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]'),
    (103, 'movie', '[{"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}]'),
    (104, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]'),
    (105, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "7"}, {"clientId": 1, "clientType": "plex", "itemId": "x"}]'),
    (106, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "007"}, {"clientId": 1, "clientType": "plex", "itemId": "X"}]');
insert into pymap.media_items (id, type, sync_clients)
select 1000 + n, 'track', jsonb_build_array(jsonb_build_object('clientId', 5, 'clientType', 'subsonic', 'itemId', 'tr-' || n))
from generate_series(1, 500) as n;

-- Everything below runs where nothing can be written.
set transaction read only;

select results_eq(
    $$select * from pymap.get_media_items_by_client_ids(3, array['1', '2', 'nothing']) order by 1, 2$$,
    $$values ('1', 'movie', 101::bigint), ('1', 'series', 102), ('2', 'movie', 101)$$,
    'A row for every media type of an ID, none for an ID that is not mapped, in a READ ONLY transaction'
);
select results_eq(
    $$select client_item_id, media_type, media_item_id from pymap.get_media_items_by_client_ids(3, array['1', '2'], 'series')$$,
    $$values ('1', 'series', 102::bigint)$$, 'One media type only'
);
select results_eq(
    $$
        select client_item_id, media_type, media_item_id
        from pymap.get_media_items_by_client_ids(p_client_item_ids => array['2', '2', '2'], p_client_id => 3, p_media_type => 'movie')
    $$,
    $$values ('2', 'movie', 101::bigint)$$, 'An ID that is asked for several times has one row; arguments by name'
);
select results_eq(
    $$select client_item_id, media_item_id from pymap.get_media_items_by_client_ids(1, array['7', '007', '07', 'x', 'X']) order by client_item_id collate "C"$$,
    $$values ('007', 106::bigint), ('7', 105), ('X', 106), ('x', 105)$$, 'IDs are text, bytewise and case-sensitive'
);
select results_eq(
    $$
        select client_item_id, media_item_id
        from pymap.get_media_items_by_client_ids(4, array['F27CAA37-E514-2225-CCEB-DED48F6553A2', 'f27caa37e5142225ccebded48f6553a2'])
        order by client_item_id collate "C"
    $$,
    $$values ('F27CAA37-E514-2225-CCEB-DED48F6553A2', 103::bigint), ('f27caa37e5142225ccebded48f6553a2', 103)$$,
    'A Jellyfin GUID comes back in every spelling in which it was asked for'
);
select is_empty(
    $$select * from pymap.get_media_items_by_client_ids(1, array['f27caa37e5142225ccebded48f6553a2'])$$,
    'The GUID of another client type has one spelling only'
);
select results_eq(
    $$
        select count(*), count(*) filter (where media_item_id = 1000 + substr(client_item_id, 4)::bigint)
        from pymap.get_media_items_by_client_ids(5, (select array_agg('tr-' || n) from generate_series(1, 2000) as n))
    $$,
    $$values (500::bigint, 500::bigint)$$, 'Many IDs at once'
);
select is_empty($$select * from pymap.get_media_items_by_client_ids(3, '{}')$$, 'No rows for no IDs');
select is_empty($$select * from pymap.get_media_items_by_client_ids(99, array['1'])$$, 'No rows for a client that is not known');
select is_empty($$select * from pymap.get_media_items_by_client_ids(3, array['1'], null, 1)$$, 'No rows of another tenant');
select lives_ok(
    $$select * from pymap.get_media_items_by_client_ids(3, array[repeat('é', 512)])$$, 'An ID of 1,024 bytes is not refused'
);

select matches(
    helpers.refusal(format('select * from pymap.get_media_items_by_client_ids(%s)', b.arguments)),
    '^22023\|' || b.detail || '.*\|.+', 'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, array[''1'']', 'p_client_id is ''0''', 'client ID 0'),
    ('null, array[''1'']', 'p_client_id is NULL', 'client ID NULL'),
    ('3, null', 'p_client_item_ids is NULL', 'IDs NULL'),
    ('3, array[''1'', '''']', 'p_client_item_ids\[2\] is ''''', 'an empty ID, with its position'),
    ('3, array[''1'', ''2'', null]', 'p_client_item_ids\[3\] is NULL', 'ID NULL, with its position'),
    ('3, array[repeat(''a'', 1025)]', 'p_client_item_ids\[1\] is ''aaa', 'an ID of 1,025 bytes, with its position'),
    ('3, array[''1''], ''film''', 'p_media_type is ''film''', 'a media type that is not known')
) as b (arguments, detail, problem);

select * from finish();

rollback;
