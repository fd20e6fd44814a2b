begin;

select plan(9);

insert into pymap.media_items (id, type, sync_clients) values
    (101, 'movie', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}, {"clientId": 3, "clientType": "kodi", "itemId": "1-4K"}, {"clientId": 1, "clientType": "plex", "itemId": "a"}]'),
    (102, 'series', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]'),
    (103, 'movie', '[{"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]'),
    (104, 'movie', '[]');

-- Everything below runs where nothing can be written.
set transaction read only;

select results_eq(
    $$select * from pymap.sync_clients_list(3) order by client_item_id collate "C", media_type$$,
    $$values ('1', 'movie', 101::bigint), ('1', 'series', 102), ('1-4K', 'movie', 101)$$,
    'Every mapping of the client and of no other, in a READ ONLY transaction'
);
select results_eq(
    $$select client_item_id, media_type, media_item_id from pymap.sync_clients_list(p_client_id => 3, p_media_type => 'series')$$,
    $$values ('1', 'series', 102::bigint)$$, 'One media type only; arguments by name'
);
select results_eq(
    'select client_item_id from pymap.sync_clients_list(4)', $$values ('f27caa37e5142225ccebded48f6553a2')$$,
    'IDs in the spelling in which they are stored'
);
select is_empty('select * from pymap.sync_clients_list(99)', 'No rows for a client that is not known');
select is_empty($$select * from pymap.sync_clients_list(3, 'photo')$$, 'No rows for a media type that the client does not have');
select is_empty('select * from pymap.sync_clients_list(3, null, 1)', 'No rows of another tenant');
select matches(
    helpers.refusal(format('select * from pymap.sync_clients_list(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+',
    'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0', 'p_client_id is ''0''', 'client ID 0'),
    ('null', 'p_client_id is NULL', 'client ID NULL'),
    ('3, ''film''', 'p_media_type is ''film''', 'a media type that is not known')
) as b (arguments, detail, problem);

select * from finish();

rollback;
