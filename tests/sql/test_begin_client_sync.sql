begin;

-- The session may have the temporary tables of an earlier sync.
discard temp;

select plan(33);

do $$ begin perform pymap.get_or_create_mapping(1, 'plex', 'known', 'movie', 'Known'); end $$;

-- What is refused

select matches(
    helpers.refusal(format('select pymap.begin_client_sync(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+', 'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''plex''', 'p_client_id is ''0''', 'client ID 0'), ('null, ''plex''', 'p_client_id is NULL', 'client ID NULL'),
    ('2, null', 'p_client_type is NULL', 'client type NULL'), ('2, ''Plex''', 'p_client_type is ''Plex''', 'a client type in upper case'),
    ('2, ''plex'', null', 'p_tenant_id is NULL', 'tenant NULL')
) as b (arguments, detail, problem);
select matches(helpers.refusal($$select pymap.begin_client_sync(1, 'emby')$$), '^PM003\|.*plex.*\|.+', 'A client of another type: PM003 names the type that it has');

-- The listing

select is(to_regclass('pg_temp.pymap_listing'), null, 'There is no listing before');
select is(
    helpers.as_writer('select pymap.begin_client_sync(p_client_type => ''plex'', p_client_id => 1)'), 'copy pg_temp.pymap_listing (item) from stdin',
    'As pymap_writer: the COPY command to send; arguments by name'
);
select is(
    (select relowner from pg_class where oid = 'pg_temp.pymap_listing'::regclass), (select proowner from pg_proc where oid = 'pymap.begin_client_sync(bigint, text, bigint)'::regprocedure),
    'The listing belongs to the owner of the function'
);
select is_empty('select * from pg_temp.pymap_listing', 'It is empty');
select is(
    helpers.as_writer('insert into pg_temp.pymap_listing (item) values (''{"itemId": "known", "type": "movie"}''), (''{"itemId": "b", "type": "movie"}'')'), '2 rows',
    'pymap_writer may fill it'
);
select is(helpers.as_writer(s.statement), '42501', 'But may not: ' || s.statement)
from (values
    ('insert into pg_temp.pymap_listing (position, item) overriding system value values (1, ''{}'')'), ('select * from pg_temp.pymap_listing'),
    ('update pg_temp.pymap_listing set item = ''{}'''), ('delete from pg_temp.pymap_listing'), ('truncate pg_temp.pymap_listing'),
    ('alter table pg_temp.pymap_listing add x text'), ('insert into pg_temp.pymap_entries (n) values (1)'), ('select * from pg_temp.pymap_entries')
) as s (statement);
select is((select count(*) from pg_temp.pymap_listing), 2::bigint, 'The listing is as it was filled');

-- One listing at a time

select matches(helpers.refusal(s.statement), '^55000\|.*apply_client_sync.*', 'While a listing waits to be applied: 55000 for ' || s.statement)
from (values
    ('select pymap.begin_client_sync(1, ''plex'')'), ('select pymap.begin_client_sync(2, ''emby'')'),
    ('select * from pymap.sync_client_items(1, ''plex'', ''[]'')'), ('select * from pymap.get_or_create_mappings(1, ''plex'', ''[]'')')
) as s (statement);
select is((select count(*) from pg_temp.pymap_listing), 2::bigint, 'It still waits');
select matches(helpers.refusal(s.statement), '^22023\|.*1 plex 0.*', 'It is client 1''s: 22023 for ' || s.statement)
from (values
    ('select * from pymap.apply_client_sync(2, ''emby'')'), ('select * from pymap.apply_client_sync(2, ''plex'')'),
    ('select * from pymap.apply_client_sync(1, ''plex'', p_tenant_id => 1)')
) as s (statement);
select is((select count(*) from pg_temp.pymap_listing), 2::bigint, 'And waits still');
select results_eq(
    $$select client_item_id, action from pymap.apply_client_sync(1, 'plex')$$, $$values ('known', 'kept'), ('b', 'created')$$, 'It can be applied'
);
select is(pymap.begin_client_sync(1, 'plex'), 'copy pg_temp.pymap_listing (item) from stdin', 'Then another one can begin');
select is(helpers.refusal($$select pymap.begin_client_sync(2, 'emby')$$), 'no error', 'And again, while it is empty');
savepoint filled;
insert into pg_temp.pymap_listing (item) values ('{"itemId": "c", "type": "movie"}');
rollback to savepoint filled;
select is(helpers.refusal($$select pymap.begin_client_sync(2, 'emby')$$), 'no error', 'And after what was copied is rolled back');

select * from finish();

rollback;
