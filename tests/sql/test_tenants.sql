begin;

select plan(61);

-- What a statement answers, or SQLSTATE, DETAIL and HINT, in a session of pymap_writer that belongs to a tenant.
create function pg_temp.as_writer(p_session_tenant text, p_statement text) returns text language plpgsql as $$
declare
    v_answer text;
    v_count bigint;
    v_detail text;
    v_hint text;
begin
    perform set_config('pymap.tenant_id', p_session_tenant, true);
    set local role pymap_writer;
    execute p_statement into v_answer;
    get diagnostics v_count = row_count;
    reset role;
    perform set_config('pymap.tenant_id', '', true);
    return coalesce(v_answer, v_count || ' rows');
exception when others then
    get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    return concat_ws('|', sqlstate, v_detail, v_hint);
end
$$;

-- Keys

insert into pymap.media_items (tenant_id, id, type, title, sync_clients, external_ids) values
    (1, 900000001, 'movie', 'One', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]', '[{"source": "imdb", "id": "tt0133093"}]'),
    (2, 900000002, 'movie', 'Two', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]', '[{"source": "imdb", "id": "tt0133093"}]'),
    (2, 900000003, 'series', 'Three', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}, {"clientId": 5, "clientType": "kodi", "itemId": "b"}]', '[]');
select results_eq(
    $$select t, pymap.get_media_item_by_client_id_and_type(1, 'a', 'movie', t) from generate_series(0, 2) as t$$,
    $$values (0, null), (1, 900000001::bigint), (2, 900000002)$$, 'The same ID of the same client means something else in every tenant'
);
insert into pymap.media_items (tenant_id, id, uuid, type)
select 3, 900000004, i.uuid, 'movie' from pymap.media_items as i where i.id = 900000001;
select isnt_empty('select from pymap.media_items where tenant_id = 3', 'Even a UUID may stand in two tenants');

-- Look-ups

select results_eq(
    format('select %s from %s order by 1', l.columns, replace(l.call, 'T', t.tenant::text)), format('select unnest(%L::text[])', l.answers[t.tenant + 1]),
    format('Look-up in tenant %s: %s', t.tenant, l.call)
)
from (values
    ('media_item_id::text', 'pymap.get_media_items_by_client_ids(1, array[''a''], null, T)', array['{}', '{900000001}', '{900000002,900000003}']),
    ('media_item_id::text', 'pymap.sync_clients_list(1, null, T)', array['{}', '{900000001}', '{900000002,900000003}']),
    ('client_item_id', 'pymap.get_client_item_ids(900000003, 5, T)', array['{}', '{}', '{b}']),
    ('to_item_id', 'pymap.translate_client_item_ids(1, array[''a''], 5, ''series'', T)', array['{}', '{}', '{b}']),
    ('x::text', 'pymap.get_media_items_by_external_id(''imdb'', ''tt0133093'', null, T) as x', array['{}', '{900000001}', '{900000002}'])
) as l (columns, call, answers),
generate_series(0, 2) as t (tenant);

-- Functions that map

create temporary table made (name text primary key, id bigint);
insert into made values
    ('by external ID', pymap.get_or_create_mapping(9, 'emby', 'x', 'movie', 'X', p_external_ids => '{"imdb": "tt0133093"}', p_tenant_id => 2)),
    ('by no one', pymap.get_or_create_mapping(9, 'jellyfin', 'x', 'movie', 'X', p_external_ids => '{"imdb": "tt0133093"}', p_tenant_id => 7));
select is((select id from made where name = 'by external ID'), 900000002::bigint, 'An external ID matches within its tenant');
select is(
    (select i.tenant_id from pymap.media_items as i join made as m on m.id = i.id where m.name = 'by no one'), 7::bigint,
    'And not in any other: the item is new; a client may have another type there'
);
select results_eq(
    $$select action, media_item_id from pymap.get_or_create_mappings(9, 'kodi', '[{"itemId": "y", "type": "movie", "externalIds": {"imdb": "tt0133093"}}]', 1)$$,
    $$values ('matched', 900000001::bigint)$$, 'A batch matches within its tenant'
);
select throws_ok(
    $$select pymap.link_client_item(900000001, 1, 'plex', 'new', 2)$$, 'P0002', null, 'Another tenant''s media item does not exist'
);
select is(pymap.link_client_item(900000001, 1, 'plex', 'b', 1), true, 'Its own does');
select is(pymap.unlink_client_item(1, 'b', null, 2), false, 'A mapping of another tenant cannot be unlinked');
select is(pymap.remove_client(9, 1), 1::bigint, 'A client is removed from its tenant');
select results_eq(
    $$select t, pymap.get_media_item_by_client_id(9, 'x', t) is not null from (values (2), (7)) as v (t)$$, $$values (2, true), (7, true)$$,
    'The other tenants keep theirs'
);
select is(
    pymap.sync_client_pattern(9, 'F27CAA37-E514-2225-CCEB-DED48F6553A2', t.tenant) #>> '{0,itemId}', t.item_id,
    format('A client''s type is that of its tenant: %s', t.tenant)
)
from (values (2, 'F27CAA37-E514-2225-CCEB-DED48F6553A2'), (7, 'f27caa37e5142225ccebded48f6553a2')) as t (tenant, item_id);

-- Triggers

create temporary table lookup_before as
select 'mappings' as name, tenant_id, ctid::text as place, client_item_id as id from pymap.mappings
union all select 'external_ids', tenant_id, ctid::text, external_id from pymap.external_ids
union all select 'clients', tenant_id, ctid::text, client_id::text from pymap.clients;
update pymap.media_items set type = 'photo', sync_clients = '[]', external_ids = '[]' where tenant_id = 1;
delete from pymap.media_items where tenant_id = 1;
insert into pymap.media_items (tenant_id, id, type, sync_clients, external_ids)
values (1, 900000001, 'movie', '[{"clientId": 5, "clientType": "plex", "itemId": "b"}]', '[{"source": "imdb", "id": "tt0133093"}]');
select results_eq(
    $$
        select 'mappings', tenant_id, ctid::text, client_item_id from pymap.mappings where tenant_id <> 1
        union all select 'external_ids', tenant_id, ctid::text, external_id from pymap.external_ids where tenant_id <> 1
        union all select 'clients', tenant_id, ctid::text, client_id::text from pymap.clients where tenant_id <> 1
        order by 1, 2, 3
    $$,
    'select * from lookup_before where tenant_id <> 1 order by 1, 2, 3', 'What is written in a tenant leaves the lookup rows of the others alone'
);
update pymap.media_items set sync_clients = '[{"clientId": 6, "clientType": "plex", "itemId": "same"}]' where id in (900000001, 900000002);
select results_eq(
    $$select t, pymap.get_media_item_by_client_id(6, 'same', t) from generate_series(0, 2) as t$$,
    $$values (0, null), (1, 900000001::bigint), (2, 900000002)$$, 'One UPDATE over two tenants: each gets its own'
);

-- Row-level security: a session of tenant 1

select is_empty(
    $$
        select c.oid::regclass
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
        where c.relnamespace = 'pymap'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
    $$,
    'Every table with a tenant has row-level security'
);
select is(pg_temp.as_writer('1', s.statement), s.answer, 'Session of tenant 1: ' || s.description)
from (values
    ('select string_agg(id::text, '','' order by id) from pymap.media_items', '900000001', 'it sees the media items of its tenant only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.mappings', '1', 'its own mappings only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.external_ids', '1', 'its own external IDs only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.clients', '1', 'its own clients only'),
    ('select pymap.get_media_item_by_client_id(6, ''same'', 1)', '900000001', 'it looks up what is its own'),
    ('select count(pymap.get_media_item_by_client_id(6, ''same'', 2))', '0', 'and nothing of another tenant'),
    ('select count(*) from pymap.sync_clients_list(6, null, 2)', '0', 'no listing of another tenant'),
    ('select count(*) from pymap.get_media_items_by_external_id(''imdb'', ''tt0133093'', null, 2)', '0', 'no external ID of another tenant'),
    ('select count(*) from pymap.get_client_item_ids(900000002, null, 2)', '0', 'no mapping of another tenant'),
    ('update pymap.media_items set title = ''mine'' where id = 900000002 returning id', '0 rows', 'another tenant''s item cannot be changed'),
    ('delete from pymap.media_items where id = 900000002 returning id', '0 rows', 'nor deleted'),
    ('delete from pymap.media_items returning id', '900000001', 'its own can be deleted'),
    ('insert into pymap.media_items (tenant_id, id, type) values (1, 900000010, ''movie'') returning id', '900000010', 'its own can be inserted'),
    ('update pymap.media_items set title = ''mine'' returning id', '900000010', 'an UPDATE of everything changes its own'),
    ('select pymap.link_client_item(900000010, 8, ''emby'', ''l'', 1)', 'true', 'it links its own'),
    ('select pymap.unlink_client_item(8, ''l'', null, 1)', 'true', 'it unlinks its own'),
    ('select pymap.get_or_create_mapping(8, ''emby'', ''m'', ''movie'', null, p_tenant_id => 1) > 0', 'true', 'it maps in its tenant'),
    ('select action from pymap.get_or_create_mappings(8, ''emby'', ''[{"itemId": "m", "type": "movie"}]'', 1)', 'kept', 'a batch of its own'),
    ('select pymap.remove_client(8, 1)', '1', 'it removes its own client')
) as s (statement, answer, description);
select matches(pg_temp.as_writer('1', s.statement), s.answer, 'Session of tenant 1: ' || s.description)
from (values
    ('insert into pymap.media_items (tenant_id, type) values (2, ''movie'')', '^42501', 'it cannot insert into another tenant'),
    ('insert into pymap.media_items (type) values (''movie'')', '^42501', 'nor into tenant 0'),
    ('update pymap.media_items set tenant_id = 2', '^(42501|22023)', 'it cannot give an item away'),
    ('select pymap.link_client_item(900000002, 8, ''emby'', ''l'', 2)', '^42501\|.*1.*2.*\|.+', 'link_client_item refuses another tenant'),
    ('select pymap.unlink_client_item(6, ''same'', null, 2)', '^42501\|.*1.*2.*\|.+', 'unlink_client_item refuses another tenant'),
    ('select pymap.get_or_create_mapping(8, ''emby'', ''m'', ''movie'', null, p_tenant_id => 2)', '^42501\|.*1.*2.*\|.+', 'get_or_create_mapping refuses another tenant'),
    ('select pymap.get_or_create_mapping(8, ''emby'', ''m'', ''movie'', null)', '^42501\|.*1.*0.*\|.+', 'also tenant 0'),
    ('select pymap.get_or_create_mapping(6, ''plex'', ''same'', ''movie'', null, p_tenant_id => 2)', '^42501\|.+\|.+', 'also where the mapping exists'),
    ('select * from pymap.get_or_create_mappings(8, ''emby'', ''[{"itemId": "m", "type": "movie"}]'', 2)', '^42501\|.*1.*2.*\|.+', 'get_or_create_mappings refuses another tenant'),
    ('select pymap.remove_client(6, 2)', '^42501\|.*1.*2.*\|.+', 'remove_client refuses another tenant')
) as s (statement, answer, description);
select is(
    pg_temp.as_writer('', 'select string_agg(distinct tenant_id::text, '','' order by tenant_id::text) from pymap.media_items'), '1,2,3,7',
    'A session without a tenant of its own sees all'
);
select is(pymap.get_media_item_by_client_id(6, 'same', 2), 900000002::bigint, 'After all this the other tenant has what it had');

select * from finish();

rollback;
