begin;

select plan(22);

insert into pymap.media_items (id, type, title, sync_clients, external_ids) values
    (
        101, 'movie', 'The Matrix',
        '[{"clientId": 1, "clientType": "plex", "itemId": "a"}, {"clientId": 1, "clientType": "plex", "itemId": "A", "edition": "4K"}, {"clientId": 2, "clientType": "emby", "itemId": "a"}]',
        '[{"source": "imdb", "id": "tt0133093"}]'
    ),
    (102, 'movie', null, '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]', '[]'),
    (103, 'series', null, '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]', '[]'),
    (104, 'movie', null, '[{"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]', '[]');

select is(pymap.unlink_client_item(1, 'a'), true, 'True where there was a mapping');
select is(pymap.get_media_item_by_client_id(1, 'a'), null, 'It is gone');
select results_eq(
    'select title, sync_clients, external_ids from pymap.media_items where id = 101',
    $$
        values (
            'The Matrix', '[{"clientId": 1, "clientType": "plex", "itemId": "A", "edition": "4K"}, {"clientId": 2, "clientType": "emby", "itemId": "a"}]'::jsonb,
            '[{"source": "imdb", "id": "tt0133093"}]'::jsonb
        )
    $$,
    'The media item and its other mappings stay as they were'
);
select is(pymap.unlink_client_item(p_client_item_id => 'a', p_client_id => 1), false, 'False where there is none; arguments by name');
select is(pymap.unlink_client_item(99, 'a'), false, 'False where the client is not known');
select is(pymap.unlink_client_item(1, 'A', 'series'), false, 'False where the ID is not mapped for that media type');
select is(pymap.unlink_client_item(1, 'A', null, 1), false, 'False where only another tenant has the mapping');
select is(pymap.get_media_item_by_client_id(1, 'A'), 101::bigint, 'The mapping is still there');

select matches(
    helpers.refusal($$select pymap.unlink_client_item(3, '1')$$), '^PM002\|.*movie.*series.*\|.+',
    'An ID that stands for several media types: PM002 names them'
);
select is(pymap.unlink_client_item(3, '1', 'series'), true, 'With the media type it is not ambiguous');
select results_eq(
    'select media_type, media_item_id from pymap.sync_clients_list(3)', $$values ('movie', 102::bigint)$$, 'The other media type keeps its mapping'
);
select is(pymap.unlink_client_item(3, '1'), true, 'One of them alone is not ambiguous any more');

select is(
    pymap.unlink_client_item(4, 'f27caa37-e514-2225-cceb-ded48f6553a2', 'movie'), true, 'A Jellyfin GUID in any spelling'
);
select is_empty('select * from pymap.sync_clients_list(4)', 'It is gone');
select is(pymap.link_client_item(102, 1, 'plex', 'a'), true, 'What was unlinked can be linked elsewhere');

select matches(
    helpers.refusal(format('select pymap.unlink_client_item(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+',
    'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''a''', 'p_client_id is ''0''', 'client ID 0'),
    ('null, ''a''', 'p_client_id is NULL', 'client ID NULL'),
    ('1, ''''', 'p_client_item_id is ''''', 'an empty ID'),
    ('1, null', 'p_client_item_id is NULL', 'ID NULL'),
    ('1, repeat(''a'', 1025)', 'p_client_item_id is ''aaa', 'an ID of 1,025 bytes'),
    ('1, ''nothing'', ''film''', 'p_media_type is ''film''', 'a media type that is not known')
) as b (arguments, detail, problem);
select is(pymap.unlink_client_item(1, repeat('é', 512)), false, 'An ID of 1,024 bytes is not refused');

select * from finish();

rollback;
