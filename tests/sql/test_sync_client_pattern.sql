begin;

select plan(18);

insert into pymap.media_items (id, type, sync_clients) values
    (101, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "abc", "edition": "4K"}, {"clientId": 2, "clientType": "emby", "itemId": "7"}]'),
    (102, 'movie', '[{"clientId": 2, "clientType": "emby", "itemId": "abc"}, {"clientId": 1, "clientType": "plex", "itemId": "7"}]'),
    (103, 'movie', '[{"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]'),
    (104, 'movie', '[{"clientId": 12, "clientType": "plex", "itemId": "abc"}]');

-- Everything below runs where nothing can be written.
set transaction read only;

select is(pymap.sync_client_pattern(1, 'abc'), '[{"clientId": 1, "itemId": "abc"}]', 'The canonical keys, in a READ ONLY transaction');
select is(
    pymap.sync_client_pattern(p_client_item_id => '007', p_client_id => 1), '[{"clientId": 1, "itemId": "007"}]',
    'An ID that looks like a number stays text; arguments by name'
);
select is(
    pymap.sync_client_pattern(1, E'"\\\n'), jsonb_build_array(jsonb_build_object('clientId', 1, 'itemId', E'"\\\n')),
    'Nobody has to escape anything'
);
select results_eq(
    format('select id from pymap.media_items where sync_clients @> pymap.sync_client_pattern(%s, %L)', p.client_id, p.item_id),
    format('values (%s::bigint)', p.found), format('Finds %s of client %s with @>, and nothing else', p.item_id, p.client_id)
)
from (values
    (1, 'abc', 101), (2, 'abc', 102), (1, '7', 102), (12, 'abc', 104),
    (4, 'f27caa37e5142225ccebded48f6553a2', 103), (4, 'F27CAA37-E514-2225-CCEB-DED48F6553A2', 103)
) as p (client_id, item_id, found);
select is_empty(
    $$select id from pymap.media_items where sync_clients @> pymap.sync_client_pattern(1, 'ABC')$$, 'IDs are case-sensitive'
);
select is(
    pymap.sync_client_pattern(1, 'F27CAA37-E514-2225-CCEB-DED48F6553A2') #>> '{0,itemId}', 'F27CAA37-E514-2225-CCEB-DED48F6553A2',
    'The GUID of another client type stays as it is'
);
select is(
    pymap.sync_client_pattern(4, 'F27CAA37-E514-2225-CCEB-DED48F6553A2', 1) #>> '{0,itemId}', 'F27CAA37-E514-2225-CCEB-DED48F6553A2',
    'The client type is that of the tenant'
);
select lives_ok($$select pymap.sync_client_pattern(1, repeat('é', 512))$$, 'An ID of 1,024 bytes is not refused');
select matches(
    helpers.refusal(format('select pymap.sync_client_pattern(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+',
    'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''abc''', 'p_client_id is ''0''', 'client ID 0'),
    ('null, ''abc''', 'p_client_id is NULL', 'client ID NULL'),
    ('1, ''''', 'p_client_item_id is ''''', 'an empty ID'),
    ('1, null', 'p_client_item_id is NULL', 'ID NULL'),
    ('1, repeat(''a'', 1025)', 'p_client_item_id is ''aaa', 'an ID of 1,025 bytes')
) as b (arguments, detail, problem);

select * from finish();

rollback;
