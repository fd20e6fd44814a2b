begin;

select plan(14);

insert into pymap.media_items (id, type, title, sync_clients, external_ids) values
    (
        101, 'movie', 'The Matrix',
        '[{"clientId": 2, "clientType": "emby", "itemId": "a", "edition": "4K"}, {"clientId": 1, "clientType": "plex", "itemId": "a"}, {"clientId": 12, "clientType": "plex", "itemId": "a"}]',
        '[{"source": "imdb", "id": "tt0133093"}]'
    ),
    (102, 'movie', null, '[{"clientId": 1, "clientType": "plex", "itemId": "1"}, {"clientId": 1, "clientType": "plex", "itemId": "2"}]', '[]'),
    (103, 'series', null, '[{"clientId": 1, "clientType": "plex", "itemId": "1"}]', '[]'),
    (104, 'series', null, '[{"clientId": 2, "clientType": "emby", "itemId": "1"}]', '[]');
insert into pymap.media_items (tenant_id, id, type, sync_clients) values
    (1, 105, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]');
create temporary table untouched as select ctid::text as place, * from pymap.media_items where id in (104, 105);

select is(pymap.remove_client(p_client_id => 1), 4::bigint, 'The number of mappings: an item can have several; argument by name');
select is_empty('select * from pymap.sync_clients_list(1)', 'None of them is left');
select results_eq(
    'select title, sync_clients, external_ids from pymap.media_items where id = 101',
    $$
        values (
            'The Matrix', '[{"clientId": 2, "clientType": "emby", "itemId": "a", "edition": "4K"}, {"clientId": 12, "clientType": "plex", "itemId": "a"}]'::jsonb,
            '[{"source": "imdb", "id": "tt0133093"}]'::jsonb
        )
    $$,
    'The media items and the mappings of other clients stay as they were'
);
select results_eq(
    'select id, sync_clients from pymap.media_items where id in (102, 103) order by id', $$values (102::bigint, '[]'::jsonb), (103, '[]')$$,
    'A media item stays even without any mapping'
);
select results_eq(
    'select ctid::text, * from pymap.media_items where id in (104, 105) order by id', 'table untouched order by id',
    'Items that the client does not have, and those of another tenant, are not written'
);
select results_eq('select client_item_id from pymap.sync_clients_list(12)', $$values ('a')$$, 'Client 12 is not client 1');
select is(pymap.remove_client(1), 0::bigint, '0 the second time');
select is(pymap.remove_client(99), 0::bigint, '0 for a client that is not known');

select is(pymap.link_client_item(102, 1, 'jellyfin', 'x'), true, 'The client ID is free for a client of another type');
select is(pymap.get_media_item_by_client_id(1, 'a', 1), 105::bigint, 'The other tenant''s client is as it was');

select matches(
    helpers.refusal(format('select pymap.remove_client(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+',
    'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0', 'p_client_id is ''0''', 'client ID 0'), ('-1', 'p_client_id is ''-1''', 'a negative client ID'),
    ('null', 'p_client_id is NULL', 'client ID NULL'), ('1, null', 'p_tenant_id is NULL', 'tenant NULL')
) as b (arguments, detail, problem);

select * from finish();

rollback;
