begin;

select plan(29);

create function pg_temp.ids(p_from integer, p_to integer) returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object('source', 'tvdb', 'id', n::text) order by n) from generate_series(p_from, p_to) as n
$$;
create function pg_temp.clients(p_from integer, p_to integer) returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object('clientId', 1, 'clientType', 'plex', 'itemId', 'm' || n) order by n) from generate_series(p_from, p_to) as n
$$;

-- External IDs: 100 on a media item

insert into pymap.media_items (id, type, external_ids) values (900000001, 'movie', pg_temp.ids(1, 100));
select is((select jsonb_array_length(external_ids) from pymap.media_items where id = 900000001), 100, 'A hundred external IDs');
select matches(helpers.refusal(s.statement), '^22023\|external_ids is .*\|.*at most 100 external IDs.*', 'A hundred and one: ' || s.description)
from (values
    ('insert into pymap.media_items (type, external_ids) values (''movie'', pg_temp.ids(1, 101))', 'INSERT'), ('update pymap.media_items set external_ids = pg_temp.ids(1, 101) where id = 900000001', 'UPDATE'),
    ('update pymap.media_items set external_ids = external_ids || pg_temp.ids(101, 101) where id = 900000001', 'one more'),
    ('select pymap.get_or_create_mapping(1, ''plex'', ''a'', ''movie'', null, ''{}'', pg_temp.ids(1001, 1101))', 'get_or_create_mapping'),
    (
        'select * from pymap.get_or_create_mappings(1, ''plex'', jsonb_build_array(jsonb_build_object(''itemId'', ''a'', ''type'', ''movie'', ''externalIds'', pg_temp.ids(1001, 1101))))',
        'get_or_create_mappings'
    ),
    ('select * from pymap.sync_client_items(1, ''plex'', jsonb_build_array(jsonb_build_object(''itemId'', ''a'', ''type'', ''movie'', ''externalIds'', pg_temp.ids(1001, 1101))))', 'sync_client_items')
) as s (statement, description);
select lives_ok('update pymap.media_items set external_ids = pg_temp.ids(1, 100) || pg_temp.ids(1, 100) where id = 900000001', 'Two hundred of which each is there twice are a hundred');
select is((select jsonb_array_length(external_ids) from pymap.media_items where id = 900000001), 100, 'And stored as such');
select lives_ok(
    $$insert into pymap.media_items (id, type, external_ids) values (900000002, 'movie', pg_temp.ids(201, 300) || '[{"source": "imdb", "id": "0"}, {"source": "facebook", "id": "x"}]')$$,
    'Placeholders do not count'
);
select matches(helpers.refusal('select pymap.merge_media_items(900000001, 900000002)'), '^22023\|.*at most 100 external IDs', 'Two media items that have two hundred together are not merged');
select results_eq('select id, merged_into, jsonb_array_length(external_ids) from pymap.media_items order by id', $$values (900000001::bigint, null::bigint, 100), (900000002, null, 100)$$, 'Both are as they were');

-- Sync clients: 1,000 on a media item

insert into pymap.media_items (id, type, sync_clients) values (900000003, 'photo', pg_temp.clients(1, 1000));
select is((select count(*) from pymap.get_client_item_ids(900000003)), 1000::bigint, 'A thousand mappings');
select matches(helpers.refusal(s.statement), '^22023\|sync_clients is .*\|.*at most 1,000 sync clients.*', 'A thousand and one: ' || s.description)
from (values
    ('insert into pymap.media_items (type, sync_clients) values (''movie'', pg_temp.clients(1, 1001))', 'INSERT'), ('update pymap.media_items set sync_clients = pg_temp.clients(1, 1001) where id = 900000003', 'UPDATE'),
    ('update pymap.media_items set sync_clients = sync_clients || pg_temp.clients(1001, 1001) where id = 900000003', 'one more'), ('select pymap.link_client_item(900000003, 1, ''plex'', ''m1001'')', 'link_client_item')
) as s (statement, description);
select is(pymap.link_client_item(900000003, 1, 'plex', 'm1000'), false, 'One that is there is no more');
select is((select count(*) from pymap.client_items where media_item_id = 900000003), 1000::bigint, 'Nothing of that is written');
insert into pymap.media_items (id, type, sync_clients) values (900000004, 'photo', pg_temp.clients(2001, 2001));
select matches(helpers.refusal('select pymap.merge_media_items(900000004, 900000003)'), '^22023\|.*at most 1,000 sync clients', 'Two media items that have more together are not merged');
select is(pymap.unlink_client_item(1, 'm1', 'photo'), true, 'One that goes');
select isnt(pymap.merge_media_items(900000004, 900000003), null, 'Makes room for another one');

-- IDs and names

select matches(helpers.refusal(format('insert into pymap.media_items (type, sync_clients) values (''movie'', jsonb_build_array(jsonb_build_object(''clientId'', 2, ''clientType'', ''plex'', ''itemId'', %L::text)))', i.item_id)), i.refusal, i.description)
from (values
    (repeat('é', 512), '^no error$', 'A client item ID of 1,024 bytes'), (repeat('é', 512) || 'x', '^22023\|.*itemId is .*\|.*1,024 bytes.*', 'One of 1,025 bytes'), ('', '^22023\|.*itemId is .*\|.+', 'An empty one')
) as i (item_id, refusal, description);
select matches(
    helpers.refusal(format('select * from pymap.sync_client_items(3, ''plex'', jsonb_build_array(jsonb_build_object(''itemId'', %L::text, ''type'', ''movie'', ''parentItemId'', %L::text)), ''{}'')', i.item_id, i.parent_id)), i.refusal, i.description
)
from (values
    (repeat('é', 512), repeat('é', 512), '^no error$', 'The same in a listing, also of a parent'), (repeat('é', 512) || 'x', 'p', '^22023\|p_items\[0\]\.itemId is .*\|.+', 'One more byte'), ('i', repeat('é', 512) || 'x', '^22023\|p_items\[0\]\.parentItemId is .*\|.+', 'One more byte of the parent''s')
) as i (item_id, parent_id, refusal, description);
select is_empty($$select * from pymap.check_integrity() where severity = 'error'$$, 'After all this nothing is damaged');

select * from finish();

rollback;
