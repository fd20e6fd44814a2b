begin;

select plan(30);

insert into pymap.media_items (id, type, sync_clients) values
    (101, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "abc"}, {"clientId": 2, "clientType": "emby", "itemId": "xyz"}]'),
    (102, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "ABC"}, {"clientId": 2, "clientType": "emby", "itemId": "abc"}]'),
    (103, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "7"}, {"clientId": 1, "clientType": "plex", "itemId": "edition"}]'),
    (104, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "007"}]'),
    (105, 'movie', jsonb_build_array(pymap.sync_client_pattern(1, repeat('é', 512)) -> 0 || '{"clientType": "plex"}')),
    (106, 'movie', '[{"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]'),
    (107, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]'),
    (108, 'movie', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}, {"clientId": 3, "clientType": "kodi", "itemId": "2"}]'),
    (109, 'series', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]'),
    (110, 'episode', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]');

-- Everything below runs where nothing can be written.
set transaction read only;

select is(pymap.get_media_item_by_client_id(1, 'abc'), 101::bigint, 'The media item of a client item ID, in a READ ONLY transaction');
select is(
    pymap.get_media_item_by_client_id(p_client_item_id => 'abc', p_client_id => 1, p_tenant_id => 0), 101::bigint,
    'Arguments by name'
);
select is(pymap.get_media_item_by_client_id(2, 'abc'), 102::bigint, 'Another client means something else by the same ID');
select is(pymap.get_media_item_by_client_id(1, 'edition'), 103::bigint, 'Every edition of an item leads to it');
select is(pymap.get_media_item_by_client_id(1, 'nothing'), null, 'NULL if the ID is not mapped');
select is(pymap.get_media_item_by_client_id(99, 'abc'), null, 'NULL where the client is not known');
select is(pymap.get_media_item_by_client_id(9223372036854775807, 'abc'), null, 'Any bigint from 1 up is a client ID');
select is(pymap.get_media_item_by_client_id(1, 'abc', 1), null, 'NULL where only another tenant has the mapping');

select is(pymap.get_media_item_by_client_id(1, 'ABC'), 102::bigint, 'IDs are case-sensitive');
select is(pymap.get_media_item_by_client_id(1, 'Abc'), null, 'Another case is another ID');
select is(pymap.get_media_item_by_client_id(1, '007'), 104::bigint, 'IDs are text: 007 is not 7');
select is(pymap.get_media_item_by_client_id(1, '07'), null, 'IDs are text: 07 is neither 7 nor 007');
select is(pymap.get_media_item_by_client_id(1, 'abc '), null, 'IDs compare bytewise: a trailing space counts');
select is(pymap.get_media_item_by_client_id(1, repeat('é', 512)), 105::bigint, 'An ID of 1,024 bytes');
select is(pymap.get_media_item_by_client_id(1, repeat(E'e\u0301', 341)), null, 'IDs compare bytewise: e and an accent are not é');

select is(
    pymap.get_media_item_by_client_id(4, i.id), 106::bigint, format('A Jellyfin GUID in any spelling: %s', i.id)
)
from unnest(array[
    'F27CAA37-E514-2225-CCEB-DED48F6553A2', 'f27caa37-e514-2225-cceb-ded48f6553a2',
    'F27CAA37E5142225CCEBDED48F6553A2', 'f27caa37e5142225ccebded48f6553a2'
]) as i (id);
select is(
    pymap.get_media_item_by_client_id(1, 'F27CAA37-E514-2225-CCEB-DED48F6553A2'), 107::bigint,
    'The GUID of another client type stays as it is'
);
select is(
    pymap.get_media_item_by_client_id(1, 'f27caa37e5142225ccebded48f6553a2'), null,
    'The GUID of another client type has one spelling only'
);

select matches(
    helpers.refusal('select pymap.get_media_item_by_client_id(3, ''1'')'),
    '^PM002\|.*episode.*movie.*series.*\|.+', 'An ID that stands for several media types: PM002 names them'
);
select is(pymap.get_media_item_by_client_id(3, '2'), 108::bigint, 'An ID of that client which stands for one is not ambiguous');

select matches(
    helpers.refusal(format('select pymap.get_media_item_by_client_id(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+',
    'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''abc''', 'p_client_id is ''0''', 'client ID 0'),
    ('-1, ''abc''', 'p_client_id is ''-1''', 'a negative client ID'),
    ('null, ''abc''', 'p_client_id is NULL', 'client ID NULL'),
    ('1, ''''', 'p_client_item_id is ''''', 'an empty ID'),
    ('1, null', 'p_client_item_id is NULL', 'ID NULL'),
    ('1, repeat(''a'', 1025)', 'p_client_item_id is ''aaa', 'an ID of 1,025 bytes'),
    ('1, repeat(''é'', 513)', 'p_client_item_id is ''ééé', 'an ID of 513 characters that are 1,026 bytes')
) as b (arguments, detail, problem);

select * from finish();

rollback;
