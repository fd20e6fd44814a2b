begin;

select plan(10);

insert into pymap.media_items (id, type, sync_clients) values
    (101, 'movie', '[
        {"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"},
        {"clientId": 1, "clientType": "plex", "itemId": "b"}, {"clientId": 1, "clientType": "plex", "itemId": "B", "edition": "4K"}
    ]'),
    (102, 'movie', '[]'),
    (103, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "c"}]');
insert into pymap.media_items (id, type, merged_into) values (105, 'movie', 103);
insert into pymap.media_items (tenant_id, id, type, sync_clients) values
    (1, 104, 'movie', '[{"clientId": 1, "clientType": "emby", "itemId": "d"}]');

-- Everything below runs where nothing can be written.
set transaction read only;

select results_eq(
    'select * from pymap.get_client_item_ids(101)',
    $$values (1::bigint, 'plex', 'B'), (1, 'plex', 'b'), (4, 'jellyfin', 'f27caa37e5142225ccebded48f6553a2')$$,
    'All IDs of the item, two editions on one client among them, by client and ID, in a READ ONLY transaction'
);
select results_eq(
    'select client_id, client_type, client_item_id from pymap.get_client_item_ids(p_media_item_id => 101, p_client_id => 4)',
    $$values (4::bigint, 'jellyfin', 'f27caa37e5142225ccebded48f6553a2')$$, 'One client only; arguments by name'
);
select is_empty('select * from pymap.get_client_item_ids(101, 99)', 'No rows for a client that does not have the item');
select is_empty('select * from pymap.get_client_item_ids(102)', 'No rows for an item without mappings');
select results_eq('select client_item_id from pymap.get_client_item_ids(105)', $$values ('c')$$, 'Those of the item into which it was merged');
select is_empty('select * from pymap.get_client_item_ids(999)', 'No rows for an item that does not exist');
select is_empty('select * from pymap.get_client_item_ids(104)', 'No rows for an item of another tenant');
select results_eq(
    'select client_type, client_item_id from pymap.get_client_item_ids(104, null, 1)', $$values ('emby', 'd')$$,
    'The item of the tenant that is named'
);
select matches(
    helpers.refusal(format('select * from pymap.get_client_item_ids(101, %s)', b.client_id)),
    '^22023\|p_client_id is ''' || b.client_id || '''.*\|.+', 'Refused, with the argument and its value: client ID ' || b.client_id
)
from unnest(array[0, -1]) as b (client_id);

select * from finish();

rollback;
