begin;

select plan(116);

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
insert into pymap.media_items (tenant_id, id, type) values (3, 900000004, 'movie');
select throws_ok(
    $$insert into pymap.media_items (tenant_id, id, type) values (3, 900000001, 'movie')$$, '23505', null, 'The ID of a media item stands in one tenant only'
);

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
select results_eq(
    $$
        select t.tenant, s.client_item_id, s.action, s.media_item_id = 900000001
        from generate_series(1, 3) as t (tenant)
        cross join lateral pymap.sync_client_items(10, 'plex', '[{"itemId": "s", "type": "movie", "externalIds": {"imdb": "tt0133093"}}]', p_tenant_id => t.tenant) as s
        order by 1
    $$,
    $$values (1, 's', 'matched', true), (2, 's', 'matched', false), (3, 's', 'created', false)$$, 'So does a sync'
);
select results_eq(
    $$select client_item_id, action from pymap.sync_client_items(10, 'plex', '[{"itemId": "s2", "type": "movie", "externalIds": {"imdb": "tt0133093"}}]', p_tenant_id => 1)$$,
    $$values ('s2', 'rekeyed')$$, 'A sync rekeys in its tenant'
);
select results_eq($$select action from pymap.sync_client_items(10, 'plex', '[]', array['movie'], p_tenant_id => 3)$$, $$values ('removed')$$, 'And removes from its tenant');
select is(pymap.begin_client_sync(10, 'plex', 1) is not null, true, 'A sync in three steps');
insert into pg_temp.pymap_listing (item) values ('{"itemId": "s3", "type": "movie", "externalIds": {"imdb": "tt0133093"}}');
select results_eq($$select action, media_item_id from pymap.apply_client_sync(10, 'plex', p_tenant_id => 1)$$, $$values ('rekeyed', 900000001::bigint)$$, 'Applies to the tenant that is named then');
select results_eq(
    $$select t, l.client_item_id from generate_series(0, 3) as t cross join lateral pymap.sync_clients_list(10, null, t) as l order by 1$$, $$values (1, 's3'), (2, 's')$$,
    'Every tenant has its own mappings of the client'
);
insert into pymap.media_items (tenant_id, id, type, title, release_year) values (4, 900000020, 'movie', 'X', 1999), (4, 900000021, 'movie', 'X', 1999), (5, 900000022, 'movie', 'X', 1999);
select results_eq(
    $$select t, s.action from generate_series(4, 6) as t cross join lateral pymap.sync_client_items(10, 'plex', '[{"itemId": "x", "type": "movie", "title": "X", "year": 1999}]', p_tenant_id => t) as s order by 1$$,
    $$values (4, 'created'), (5, 'matched'), (6, 'created')$$, 'Titles match within the tenant'
);
select results_eq(
    $$select t, r.candidate_id from generate_series(3, 6) as t cross join lateral pymap.get_review_candidates(null, t) as r order by 1, 2$$, $$values (4, 900000020::bigint), (4, 900000021)$$,
    'What is to be reviewed belongs to the tenant'
);
insert into pymap.media_items (tenant_id, id, type, merged_into) values (5, 900000023, 'movie', 900000022);
select throws_ok('select pymap.resolve_media_item(900000023, 4)', 'P0002', null, 'A redirect of another tenant does not exist');
select is(pymap.resolve_media_item(900000023, 5), 900000022::bigint, 'Its own does');
insert into pymap.media_items (tenant_id, id, type, parent_id) values (4, 900000024, 'episode', 900000022), (4, 900000025, 'episode', 900000020);
delete from pymap.media_items where id in (900000022, 900000020);
select results_eq(
    'select id, parent_id from pymap.media_items where id in (900000024, 900000025) order by id', $$values (900000024::bigint, 900000022::bigint), (900000025, null)$$,
    'Deleting a media item changes nothing in another tenant'
);
delete from pymap.media_items where tenant_id in (3, 4, 5, 6) and id <> 900000004;
select is_empty('select from pymap.get_review_candidates(null, 4)', 'The reviews of a deleted media item are gone');

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
select 'mappings' as name, tenant_id, ctid::text as place, client_item_id as id from pymap.client_items
union all select 'external_ids', tenant_id, ctid::text, external_id from pymap.external_ids
union all select 'clients', tenant_id, ctid::text, client_id::text from pymap.clients;
update pymap.media_items set type = 'photo', sync_clients = '[]', external_ids = '[]' where tenant_id = 1;
delete from pymap.media_items where tenant_id = 1;
insert into pymap.media_items (tenant_id, id, type, sync_clients, external_ids)
values (1, 900000001, 'movie', '[{"clientId": 5, "clientType": "plex", "itemId": "b"}]', '[{"source": "imdb", "id": "tt0133093"}]');
select results_eq(
    $$
        select 'mappings', tenant_id, ctid::text, client_item_id from pymap.client_items where tenant_id <> 1
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

insert into pymap.media_items (tenant_id, id, type, external_ids)
select t, 900000006 + 3 * t, 'movie', '[{"source": "imdb", "id": "tt0133093"}]' from generate_series(1, 2) as t;
insert into pymap.review_candidates (tenant_id, media_item_id, candidate_id, evidence, weight, comparisons) values (1, 900000001, 900000009, 'title', 6, '{}'), (2, 900000002, 900000003, 'title', 6, '{}');
insert into pymap.distinct_pairs (tenant_id, media_item_id, other_id) values (1, 900000001, 900000020), (2, 900000002, 900000003);
insert into pymap.mapping_events (tenant_id, id, epoch, system_identifier, position, kind, media_type)
overriding system value
select t, 900000000 + t, 0, 1, '10', 'distinct', 'movie' from generate_series(1, 2) as t;
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
    ('select string_agg(id::text, '','' order by id) from pymap.media_items', '900000001,900000009', 'it sees the media items of its tenant only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.client_items', '1', 'its own mappings only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.external_ids', '1', 'its own external IDs only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.clients', '1', 'its own clients only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.review_candidates', '1', 'its own reviews only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.distinct_pairs', '1', 'its own distinct pairs only'),
    ('select string_agg(distinct tenant_id::text, '','') from pymap.mapping_events', '1', 'its own events only'),
    ('select count(*) from pymap.get_review_candidates(null, 1)', '1', 'it lists its own reviews'),
    ('select count(*) from pymap.get_review_candidates(null, 2)', '0', 'and none of another tenant'),
    ('select duplicate_id from pymap.find_duplicates(p_tenant_id => 1)', '900000009', 'it finds its own duplicates'),
    ('select count(*) from pymap.find_duplicates(p_tenant_id => 2)', '0', 'and none of another tenant'),
    ('select event_id from pymap.changes_since(0, 1, 1)', '900000001', 'it follows its own changes'),
    ('select count(*) from pymap.changes_since(0, 1, 2)', '0', 'and none of another tenant'),
    ('select count(*) > 0 from pymap.history(900000001, 1, 1)', 'true', 'it sees the history of its own'),
    ('select count(*) from pymap.history(900000002, 1, 2)', '0', 'and none of another tenant'),
    ('select count from pymap.stats(1) where statistic = ''media_items''', '2', 'it counts its own'),
    ('select sum(count) from pymap.stats(2)', '0', 'and nothing of another tenant'),
    ('select media_item_id from pymap.check_integrity(1) where kind = ''no_client''', '900000009', 'it checks its own'),
    ('select count(*) from pymap.check_integrity(2)', '0', 'and nothing of another tenant'),
    ('select pymap.rebuild_lookup(1)', '0', 'it mends its own'),
    ('select pymap.undo(pymap.mark_distinct(900000001, 900000009, 1), 1) > 0', 'true', 'it tells its own apart, and takes it back'),
    ('select pymap.undo(pymap.merge_media_items(900000001, 900000009, 1), 1) > 0', 'true', 'it merges its own, and takes it back'),
    ('select pymap.resolve_media_item(900000001, 1)', '900000001', 'it resolves its own media items'),
    ('select pymap.get_media_item_by_client_id(6, ''same'', 1)', '900000001', 'it looks up what is its own'),
    ('select count(pymap.get_media_item_by_client_id(6, ''same'', 2))', '0', 'and nothing of another tenant'),
    ('select count(*) from pymap.sync_clients_list(6, null, 2)', '0', 'no listing of another tenant'),
    ('select count(*) from pymap.get_media_items_by_external_id(''imdb'', ''tt0133093'', null, 2)', '0', 'no external ID of another tenant'),
    ('select count(*) from pymap.get_client_item_ids(900000002, null, 2)', '0', 'no mapping of another tenant'),
    ('update pymap.media_items set title = ''mine'' where id = 900000002 returning id', '0 rows', 'another tenant''s item cannot be changed'),
    ('delete from pymap.media_items where id = 900000002 returning id', '0 rows', 'nor deleted'),
    (
        'with deleted as (delete from pymap.media_items returning id) select string_agg(id::text, '','' order by id) from deleted', '900000001,900000009',
        'its own can be deleted'
    ),
    ('insert into pymap.media_items (tenant_id, id, type) values (1, 900000010, ''movie'') returning id', '900000010', 'its own can be inserted'),
    ('update pymap.media_items set title = ''mine'' returning id', '900000010', 'an UPDATE of everything changes its own'),
    ('select pymap.link_client_item(900000010, 8, ''emby'', ''l'', 1)', 'true', 'it links its own'),
    ('select pymap.link_client_item(900000010, 8, ''emby'', ''l2'', 1)', 'true', 'also another'),
    ('select pymap.split_media_item(900000010, ''[{"clientId": 8, "itemId": "l2"}]'', ''[]'', 1) > 0', 'true', 'it splits its own'),
    ('select pymap.unlink_client_item(8, ''l'', null, 1)', 'true', 'it unlinks its own'),
    ('select pymap.get_or_create_mapping(8, ''emby'', ''m'', ''movie'', null, p_tenant_id => 1) > 0', 'true', 'it maps in its tenant'),
    ('select action from pymap.get_or_create_mappings(8, ''emby'', ''[{"itemId": "m", "type": "movie"}]'', 1)', 'kept', 'a batch of its own'),
    ('select pymap.remove_client(8, 1)', '2', 'it removes its own client'),
    ('select action from pymap.sync_client_items(8, ''emby'', ''[{"itemId": "n", "type": "movie"}]'', p_tenant_id => 1)', 'created', 'it syncs in its tenant'),
    ('select pymap.begin_client_sync(8, ''emby'', 1)', 'copy pg_temp.pymap_listing (item) from stdin', 'it begins a sync of its own'),
    ('select action from pymap.apply_client_sync(8, ''emby'', ''{movie}'', p_tenant_id => 1)', 'removed', 'and applies it')
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
    ('select pymap.remove_client(6, 2)', '^42501\|.*1.*2.*\|.+', 'remove_client refuses another tenant'),
    ('select pymap.merge_media_items(900000002, 900000010, 2)', '^42501\|.*1.*2.*\|.+', 'merge_media_items refuses another tenant'),
    ('select pymap.mark_distinct(900000002, 900000010, 2)', '^42501\|.*1.*2.*\|.+', 'mark_distinct refuses another tenant'),
    ('select pymap.split_media_item(900000002, ''[]'', ''[]'', 2)', '^42501\|.*1.*2.*\|.+', 'split_media_item refuses another tenant'),
    ('select pymap.undo(900000002, 2)', '^42501\|.*1.*2.*\|.+', 'undo refuses another tenant'),
    ('select pymap.rebuild_lookup(2)', '^42501\|.*1.*2.*\|.+', 'rebuild_lookup refuses another tenant'),
    ('select pymap.merge_media_items(900000002, 900000010, 1)', '^P0002\|', 'in its own the media item of another one does not exist'),
    ('select pymap.undo(900000002, 1)', '^22023\|', 'nor does an event of another one'),
    ('select pymap.resolve_media_item(900000002, 2)', '^P0002\|', 'resolve_media_item finds nothing of another tenant'),
    ('select * from pymap.sync_client_items(8, ''emby'', ''[]'', p_tenant_id => 2)', '^42501\|.*1.*2.*\|.+', 'sync_client_items refuses another tenant'),
    ('select * from pymap.sync_client_items(8, ''emby'', ''[]'', p_dry_run => true)', '^42501\|.*1.*0.*\|.+', 'also a dry run in tenant 0'),
    ('select pymap.begin_client_sync(8, ''emby'', 2)', '^42501\|.*1.*2.*\|.+', 'begin_client_sync refuses another tenant'),
    ('select * from pymap.apply_client_sync(8, ''emby'', p_tenant_id => 2)', '^42501\|.*1.*2.*\|.+', 'apply_client_sync refuses another tenant')
) as s (statement, answer, description);
select is(
    pg_temp.as_writer('', 'select string_agg(distinct tenant_id::text, '','' order by tenant_id::text) from pymap.media_items'), '1,2,3,7',
    'A session without a tenant of its own sees all'
);
select is(
    pg_temp.as_writer('seven', s.statement),
    '22023|pymap.tenant_id is ''seven''.|Give a bigint, or an empty string for a session that sees all tenants.',
    'A tenant that is no number is refused by name: ' || s.statement
)
from (values
    ('select count(*) from pymap.media_items'),
    ('select pymap.get_media_item_by_client_id(6, ''same'', 2)'),
    ('select pymap.get_or_create_mapping(8, ''emby'', ''m'', ''movie'', null)')
) as s (statement);
select is(
    pg_temp.as_writer(s.tenant, 'select count(*) from pymap.media_items'), s.answer, format('A session of tenant ''%s''', s.tenant)
)
from (values
    ('9223372036854775807', '0'),
    ('-9223372036854775808', '0'),
    ('9223372036854775808', '22023|pymap.tenant_id is ''9223372036854775808''.|Give a bigint, or an empty string for a session that sees all tenants.'),
    ('1.5', '22023|pymap.tenant_id is ''1.5''.|Give a bigint, or an empty string for a session that sees all tenants.')
) as s (tenant, answer);
select is(pymap.get_media_item_by_client_id(6, 'same', 2), 900000002::bigint, 'After all this the other tenant has what it had');

select * from finish();

rollback;
