begin;

select plan(30);

insert into pymap.media_items (id, type, title, sync_clients) values
    (101, 'movie', 'The Matrix', '[{"clientId": 1, "clientType": "plex", "itemId": "a", "edition": "4K"}]'),
    (102, 'movie', 'Other', '[]'),
    (103, 'series', null, '[]');

select is(pymap.link_client_item(101, 2, 'emby', '7'), true, 'True where a mapping is added');
select is(pymap.get_media_item_by_client_id(2, '7'), 101::bigint, 'It is found');
select is(
    sync_clients, '[{"clientId": 1, "clientType": "plex", "itemId": "a", "edition": "4K"}, {"clientId": 2, "clientType": "emby", "itemId": "7"}]',
    'The other mappings and their keys stay as they were'
)
from pymap.media_items
where id = 101;
select is(
    pymap.link_client_item(p_client_item_id => '7', p_client_type => 'emby', p_client_id => 2, p_media_item_id => 101), false,
    'False where it was there already; arguments by name'
);
select is(pymap.link_client_item(101, 1, 'plex', 'a'), false, 'Also where the mapping has keys that pymap does not know');
select is(pymap.link_client_item(101, 2, 'emby', '007'), true, 'A second ID on the same client: 007 is not 7');
select is(pymap.link_client_item(103, 2, 'emby', '7'), true, 'The same ID for another media type');
select is(pymap.link_client_item(102, 1, 'plex', 'A'), true, 'IDs are case-sensitive');
select results_eq(
    'select client_item_id, media_type, media_item_id from pymap.sync_clients_list(2) order by 1, 2',
    $$values ('007', 'movie', 101::bigint), ('7', 'movie', 101), ('7', 'series', 103)$$, 'All of them are found'
);
select is(pymap.link_client_item(101, 4, 'jellyfin', 'F27CAA37-E514-2225-CCEB-DED48F6553A2'), true, 'A Jellyfin GUID');
select is(pymap.link_client_item(101, 4, 'jellyfin', 'f27caa37e5142225ccebded48f6553a2'), false, 'It is the same one in every spelling');
select is(pymap.link_client_item(102, 1, 'plex', repeat('é', 512)), true, 'An ID of 1,024 bytes');

insert into pymap.media_items (id, type, merged_into) values (105, 'movie', 101);
select is(pymap.link_client_item(105, 2, 'emby', 'merged'), true, 'A media item that was merged stands for the one into which it was merged');
select is(pymap.get_media_item_by_client_id(2, 'merged'), 101::bigint, 'Which gets the mapping');
select is(pymap.link_client_item(105, 2, 'emby', 'merged'), false, 'The second time it was there already');

create temporary table rows_before as table pymap.media_items;

select matches(
    helpers.refusal($$select pymap.link_client_item(102, 1, 'plex', 'a')$$), '^PM001\|.*101.*The Matrix.*\|.+',
    'An ID that is mapped elsewhere: PM001 says where'
);
select matches(
    helpers.refusal($$select pymap.link_client_item(102, 4, 'jellyfin', 'F27CAA37E5142225CCEBDED48F6553A2')$$), '^PM001\|.*101.*\|.+',
    'Also in another spelling'
);
select matches(
    helpers.refusal($$select pymap.link_client_item(101, 1, 'emby', 'b')$$), '^PM003\|.*plex.*\|.+',
    'A client of another type: PM003 names the type that it has'
);
select matches(
    helpers.refusal($$select pymap.link_client_item(102, 4, 'plex', 'b')$$), '^PM003\|.*jellyfin.*\|.+', 'The client type was remembered by link_client_item'
);
select matches(
    helpers.refusal(format('select pymap.link_client_item(%s, 1, ''plex'', ''new'')', i.id)), '^P0002\|.*' || i.id || '.*\|.+',
    'No such media item: P0002: ' || i.id
)
from unnest(array['999', '0']) as i (id);
select matches(
    helpers.refusal($$select pymap.link_client_item(101, 1, 'plex', 'new', 1)$$), '^P0002\|.*101.*\|.+', 'A media item of another tenant: P0002'
);
select matches(
    helpers.refusal(format('select pymap.link_client_item(101, %s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+',
    'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''plex'', ''new''', 'p_client_id is ''0''', 'client ID 0'),
    ('null, ''plex'', ''new''', 'p_client_id is NULL', 'client ID NULL'),
    ('1, null, ''new''', 'p_client_type is NULL', 'client type NULL'),
    ('99, ''Plex'', ''new''', 'p_client_type is ''Plex''', 'a client type in upper case'),
    ('1, ''plex'', ''''', 'p_client_item_id is ''''', 'an empty ID'),
    ('1, ''plex'', null', 'p_client_item_id is NULL', 'ID NULL'),
    ('1, ''plex'', repeat(''a'', 1025)', 'p_client_item_id is ''aaa', 'an ID of 1,025 bytes')
) as b (arguments, detail, problem);
select results_eq('table pymap.media_items order by id', 'table rows_before order by id', 'Nothing of that is written');

select * from finish();

rollback;
