begin;

select plan(19);

insert into pymap.media_items (id, type, sync_clients) values
    (101, 'movie', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}, {"clientId": 3, "clientType": "kodi", "itemId": "9"}]'),
    (102, 'series', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]'),
    (103, 'episode', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]'),
    (104, 'movie', '[{"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]'),
    (105, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "7"}]'),
    (106, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "007"}]');

-- Everything below runs where nothing can be written.
set transaction read only;

select results_eq(
    $$select t.type, pymap.get_media_item_by_client_id_and_type(3, '1', t.type) from unnest(array['movie', 'series', 'episode']) as t (type)$$,
    $$values ('movie', 101::bigint), ('series', 102), ('episode', 103)$$,
    'Movie 1, series 1 and episode 1 are three media items, in a READ ONLY transaction'
);
select is(pymap.get_media_item_by_client_id_and_type(3, '1', 'season'), null, 'NULL if the ID is not mapped for that type');
select is(pymap.get_media_item_by_client_id_and_type(3, '2', 'movie'), null, 'NULL if the ID is not mapped');
select is(pymap.get_media_item_by_client_id_and_type(99, '1', 'movie'), null, 'NULL where the client is not known');
select is(pymap.get_media_item_by_client_id_and_type(3, '1', 'movie', 1), null, 'NULL where only another tenant has the mapping');
select is(
    pymap.get_media_item_by_client_id_and_type(p_media_type => 'movie', p_client_item_id => '9', p_client_id => 3, p_tenant_id => 0),
    101::bigint, 'Arguments by name'
);
select results_eq(
    $$select pymap.get_media_item_by_client_id_and_type(1, i.id, 'movie') from unnest(array['7', '007', '07']) as i (id)$$,
    $$values (105::bigint), (106), (null)$$, 'IDs are text: 007 is not 7'
);
select is(
    pymap.get_media_item_by_client_id_and_type(4, i.id, 'movie'), 104::bigint, format('A Jellyfin GUID in any spelling: %s', i.id)
)
from unnest(array['F27CAA37-E514-2225-CCEB-DED48F6553A2', 'f27caa37-e514-2225-cceb-ded48f6553a2', 'f27caa37e5142225ccebded48f6553a2']) as i (id);

select matches(
    helpers.refusal(format('select pymap.get_media_item_by_client_id_and_type(%s)', b.arguments)),
    '^22023\|' || b.detail || '.*\|.+', 'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''1'', ''movie''', 'p_client_id is ''0''', 'client ID 0'),
    ('null, ''1'', ''movie''', 'p_client_id is NULL', 'client ID NULL'),
    ('3, '''', ''movie''', 'p_client_item_id is ''''', 'an empty ID'),
    ('3, null, ''movie''', 'p_client_item_id is NULL', 'ID NULL'),
    ('3, repeat(''a'', 1025), ''movie''', 'p_client_item_id is ''aaa', 'an ID of 1,025 bytes'),
    ('3, ''1'', ''film''', 'p_media_type is ''film''', 'a media type that is not known'),
    ('3, ''1'', ''Movie''', 'p_media_type is ''Movie''', 'a media type in another case'),
    ('3, ''1'', null', 'p_media_type is NULL', 'media type NULL')
) as b (arguments, detail, problem);
select is(
    pymap.get_media_item_by_client_id_and_type(3, repeat('a', 1024), 'movie'), null, 'An ID of 1,024 bytes is not refused'
);

select * from finish();

rollback;
