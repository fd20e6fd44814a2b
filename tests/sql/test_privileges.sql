begin;

select plan(199);

-- What a statement answers as another role, or its SQLSTATE.
create function pg_temp.as_role(p_role text, p_statement text) returns text language plpgsql as $$
declare
    v_answer text;
begin
    execute format('set local role %I', p_role);
    execute p_statement into v_answer;
    reset role;
    return coalesce(v_answer, 'none');
exception
    when others then return sqlstate;
end
$$;

create temporary view functions as
select p.oid::regprocedure as signature, p.proname !~ '^_' as public, p.*
from pg_proc as p
where p.pronamespace = 'pymap'::regnamespace;
create temporary view tables as
select c.oid::regclass as name, c.*
from pg_class as c
where c.relnamespace = 'pymap'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f');

-- The catalogue

select is_empty(
    $$
        select f.signature from functions as f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) as a
        where a.grantee = 0
    $$,
    'PUBLIC may execute no function'
);
select is_empty(
    $$
        select t.name, a.privilege_type from tables as t, aclexplode(t.relacl) as a where a.grantee = 0
        union all
        select c.attrelid::regclass, a.privilege_type from pg_attribute as c join tables as t on t.oid = c.attrelid, aclexplode(c.attacl) as a where a.grantee = 0
    $$,
    'PUBLIC has no privilege on a table, a column or a sequence'
);
select is_empty(
    $$select a.privilege_type from pg_namespace as n, aclexplode(n.nspacl) as a where n.nspname = 'pymap' and a.grantee = 0$$,
    'PUBLIC has no privilege on the schema'
);
select is_empty(
    $$
        select signature, proconfig from functions
        where prosecdef and not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false)
    $$,
    'Every SECURITY DEFINER function pins search_path = pg_catalog, pg_temp'
);
select is_empty(
    $$select signature from functions where prosecdef and prorettype <> 'trigger'::regtype and provolatile <> 'v'$$,
    'No look-up is SECURITY DEFINER'
);
select is_empty(
    $$select signature from functions where coalesce(obj_description(oid, 'pg_proc'), '') = ''$$, 'Every function has a comment'
);
select is_empty(
    $$select signature from functions where public and (pronargs > 0 and proargnames is null or exists (select from unnest(proargnames[:pronargs]) as a (name) where a.name !~ '^p_'))$$,
    'Every argument of a public function has a name that begins with p_'
);
select is_empty(
    $$
        select signature from functions
        where public
          and proname ~ '^(get_(?!or_create)|sync_clients_list|sync_client_pattern|translate_|normalize_|items_from_|resolve_|history|stats|version)'
          -- The readers catch the errors of a text that is no JSON.
          and not (provolatile in ('i', 's') and (proparallel = 's' or proname ~ '^items_from_'))
    $$,
    'Every look-up is STABLE or IMMUTABLE and, but for the readers, PARALLEL SAFE'
);
select is_empty(
    $$select signature from functions where proparallel = 's' and prosrc ~ '\mexception\s+(--[^\n]*\s+)?when\M'$$,
    'No function that catches errors is PARALLEL SAFE: before PostgreSQL 18 it fails in a parallel query'
);
select is_empty(
    $$
        select signature from functions
        where public and prokind = 'f' and provolatile <> 'i' and prorettype <> 'trigger'::regtype
          and not (
              proargtypes[pronargs - 1] = 'bigint'::regtype and proargnames[pronargs] = 'p_tenant_id'
              and pg_get_function_arg_default(oid, pronargs) = '0'
          )
    $$,
    'The last parameter of every public function that reads tables is p_tenant_id bigint default 0'
);
select is_empty(
    $$select signature from functions where public and not has_function_privilege('pymap_writer', oid, 'execute')$$, 'pymap_writer may call every public function'
);
select is_empty(
    $$
        select signature from functions
        where public and prokind = 'f' and has_function_privilege('pymap_reader', oid, 'execute') <> (provolatile <> 'v' or proname = 'listen')
    $$,
    'pymap_reader may call the public functions that only read, and listen, and no other'
);
select is_empty(
    $$
        select x.indexrelid::regclass
        from pg_index as x
        join tables as t on t.oid = x.indrelid
        where x.indisunique and t.name not in ('pymap.media_types'::regclass, 'pymap.match_weights'::regclass) and x.indexrelid <> 'pymap.media_items_id_key'::regclass
          and (select a.attname from pg_attribute as a where a.attrelid = x.indrelid and a.attnum = x.indkey[0]) is distinct from 'tenant_id'
    $$,
    'tenant_id comes first in every primary and unique key but media_items_id_key and those of the tables that all tenants share'
);
select is_empty(
    $$
        select k.conname from pg_constraint as k
        where k.connamespace = 'pymap'::regnamespace and k.contype = 'f' and k.confrelid <> 'pymap.media_types'::regclass
          and (select a.attname from pg_attribute as a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) is distinct from 'tenant_id'
    $$,
    'And in every foreign key but those to media_types'
);
select is_empty(
    $$
        select t.name from tables as t
        where t.relkind in ('r', 'p') and t.name not in ('pymap.media_types'::regclass, 'pymap.match_weights'::regclass) and not exists (
            select from pg_attribute as a join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attrelid = t.oid and a.attname = 'tenant_id' and a.atttypid = 'bigint'::regtype and a.attnotnull and pg_get_expr(d.adbin, d.adrelid) in ('0', '''0''::bigint')
        )
    $$,
    'Every table but media_types and match_weights has tenant_id bigint not null default 0'
);
select results_eq(
    $$
        select format('%s %s %s', c.relname, o.opcname, c.reloptions) collate "default"
        from pg_index as x
        join pg_class as c on c.oid = x.indexrelid
        join pg_am as m on m.oid = c.relam and m.amname = 'gin'
        join pg_opclass as o on o.oid = x.indclass[0]
        where x.indrelid = 'pymap.media_items'::regclass
        order by 1
    $$,
    $$
        values ('media_items_external_ids_idx jsonb_path_ops {fastupdate=off}'),
               ('media_items_sync_clients_idx jsonb_path_ops {fastupdate=off}')
    $$,
    'Both GIN indexes use jsonb_path_ops with fastupdate off'
);
select is_empty(
    $$select rolname from pg_roles where rolname in ('pymap_reader', 'pymap_writer') and (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)$$,
    'Both roles are NOLOGIN, and neither passes row-level security by'
);
select is(
    (select count(*) from pg_roles where rolname in ('pymap_reader', 'pymap_writer')), 2::bigint, 'Both roles exist'
);
select is(pg_has_role('pymap_writer', 'pymap_reader', 'usage'), true, 'pymap_writer may do all that pymap_reader may');
select is(pg_has_role('pymap_reader', 'pymap_writer', 'member'), false, 'But not the other way round');
select is_empty(
    $$
        select t.name, p.privilege
        from tables as t, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) as p (privilege)
        where t.relkind <> 'S' and has_table_privilege('pymap_reader', t.oid, p.privilege)
    $$,
    'pymap_reader may write no table'
);
select results_eq(
    $$
        select p.privilege
        from tables as t, unnest(array['DELETE', 'INSERT', 'REFERENCES', 'TRIGGER', 'TRUNCATE', 'UPDATE']) as p (privilege)
        where t.relkind <> 'S' and has_table_privilege('pymap_writer', t.oid, p.privilege)
        order by t.name::text, p.privilege
    $$,
    $$values ('DELETE'), ('INSERT'), ('UPDATE')$$, 'pymap_writer has INSERT, UPDATE and DELETE on one table only'
);
select is(
    has_table_privilege('pymap_writer', 'pymap.media_items', 'INSERT, UPDATE, DELETE'), true, 'Which is media_items'
);

-- In practice

insert into pymap.media_items (id, type, sync_clients, external_ids) values
    (
        900000001, 'movie', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}, {"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]',
        '[{"source": "imdb", "id": "tt0133093"}]'
    ),
    (900000002, 'series', '[{"clientId": 3, "clientType": "kodi", "itemId": "1"}]', '[]');
insert into pymap.media_items (tenant_id, id, type, merged_into) values (1, 900000003, 'movie', null), (1, 900000004, 'movie', 900000003);
insert into pymap.review_candidates (media_item_id, candidate_id, evidence, weight, comparisons) values (900000001, 900000002, 'title', 6, '{}');
insert into pymap.mapping_events (id, epoch, system_identifier, position, kind, media_type)
overriding system value values (900000001, 0, 1, '10', 'distinct', 'movie');
insert into pymap.distinct_pairs (media_item_id, other_id) values (900000001, 900000005);
select is(pg_temp.as_role('pymap_reader', r.statement), r.answer, 'pymap_reader: ' || r.statement)
from (values
    ('select count(*) from pymap.media_items', '4'),
    ('select count(*) > 0 from pymap.media_types', 'true'),
    ('select pymap.get_media_item_by_client_id(4, ''F27CAA37-E514-2225-CCEB-DED48F6553A2'')', '900000001'),
    ('select pymap.get_media_item_by_client_id(3, ''1'')', 'PM002'),
    ('select pymap.get_media_item_by_client_id(3, ''2'')', 'none'),
    ('select pymap.get_media_item_by_client_id(3, '''')', '22023'),
    ('select pymap.get_media_item_by_client_id_and_type(3, ''1'', ''series'')', '900000002'),
    ('select pymap.get_media_item_by_client_id_and_type(3, ''1'', ''film'')', '22023'),
    ('select media_item_id from pymap.get_media_items_by_client_ids(3, array[''1''], ''movie'')', '900000001'),
    ('select media_item_id from pymap.get_media_items_by_client_ids(3, array[null])', '22023'),
    ('select media_item_id from pymap.sync_clients_list(3, ''series'')', '900000002'),
    ('select client_item_id from pymap.get_client_item_ids(900000001, 3)', '1'),
    ('select to_item_id from pymap.translate_client_item_ids(3, array[''1''], 4, ''movie'')', 'f27caa37e5142225ccebded48f6553a2'),
    ('select pymap.get_media_items_by_external_id(''IMDB'', ''133093'')', '900000001'),
    ('select id from pymap.media_items where sync_clients @> pymap.sync_client_pattern(4, ''F27CAA37-E514-2225-CCEB-DED48F6553A2'')', '900000001'),
    ('select pymap.resolve_media_item(900000004, 1)', '900000003'),
    ('select pymap.resolve_media_item(900000004)', 'P0002'),
    ('select candidate_id from pymap.get_review_candidates()', '900000002'),
    ('select candidate_id from pymap.review_candidates', '900000002'),
    ('select count(*) from pymap.find_duplicates()', '0'),
    ('select count(*) from pymap.find_duplicates(''film'')', '22023'),
    ('select event_id from pymap.changes_since(0)', '900000001'),
    ('select event_id from pymap.changes_since(null)', '22023'),
    ('select count(*) from pymap.history(900000001)', '2'),
    ('select sum(count) > 0 from pymap.stats()', 'true'),
    ('select kind from pymap.check_integrity()', 'none'),
    ('select kind from pymap.check_integrity(1)', 'no_client'),
    ('select pymap.version() is null', 'false'),
    ('select weight from pymap.match_weights where evidence = ''external_id'' and outcome = ''agrees''', '12'),
    ('select count(*) from pymap.get_mapping_evidence(3)', '2'),
    ('select count(*) from pymap.get_mapping_evidence(3, ''film'')', '22023'),
    ('select outcome from pymap.explain_match(3, ''1'', ''movie'', 900000001) where field = ''mapping''', 'linked'),
    ('select count(*) from pymap.explain_match(3, ''2'', ''movie'', 900000001)', '22023'),
    ('select count(*) from pymap.explain_match(3, ''1'', ''movie'', 999999999)', 'P0002'),
    ('select count(*) from pymap.client_items', '3'),
    ('select count(*) from pymap.locks', '42501'),
    ('update pymap.match_weights set weight = 0', '42501'),
    ('select pymap.listen()::text', ''),
    ('select id from pymap.mapping_events where id = 900000001', '900000001'),
    ('select other_id from pymap.distinct_pairs', '900000005'),
    ('select pymap.merge_media_items(900000001, 900000002)', '42501'),
    ('select pymap.mark_distinct(900000001, 900000002)', '42501'),
    ('select pymap.split_media_item(900000001, ''[]'')', '42501'),
    ('select pymap.undo(900000001)', '42501'),
    ('select pymap.rebuild_lookup()', '42501'),
    ('insert into pymap.mapping_events (kind, media_type) values (''distinct'', ''movie'')', '42501'),
    ('insert into pymap.distinct_pairs (media_item_id, other_id) values (1, 2)', '42501'),
    ('select pymap.get_or_create_mapping(3, ''kodi'', ''9'', ''movie'', null)', '42501'),
    ('select * from pymap.get_or_create_mappings(3, ''kodi'', ''[]'')', '42501'),
    ('select pymap.link_client_item(900000001, 3, ''kodi'', ''9'')', '42501'),
    ('select pymap.unlink_client_item(3, ''1'', ''movie'')', '42501'),
    ('select pymap.remove_client(3)', '42501'),
    ('select * from pymap.sync_client_items(3, ''kodi'', ''[]'', p_dry_run => true)', '42501'),
    ('select pymap.begin_client_sync(3, ''kodi'')', '42501'),
    ('select * from pymap.apply_client_sync(3, ''kodi'', p_dry_run => true)', '42501'),
    ('insert into pymap.review_candidates (media_item_id, candidate_id, evidence) values (900000002, 900000001, ''title'')', '42501'),
    ('insert into pymap.media_items (type) values (''movie'')', '42501'),
    ('update pymap.media_items set title = ''x''', '42501'),
    ('delete from pymap.media_items', '42501'),
    ('truncate pymap.media_items', '42501'),
    ('insert into pymap.media_types values (''film'')', '42501')
) as r (statement, answer);
select is(pg_temp.as_role('pymap_writer', r.statement), r.answer, 'pymap_writer: ' || r.statement)
from (values
    ('select pymap.get_media_item_by_client_id_and_type(3, ''1'', ''movie'')', '900000001'),
    ('select pymap.get_or_create_mapping(4, ''jellyfin'', ''9'', ''movie'', null, p_external_ids => ''{"imdb": "133093"}'')', '900000001'),
    ('select pymap.get_or_create_mapping(5, ''plex'', ''new'', ''movie'', null) > 0', 'true'),
    ('select pymap.get_or_create_mapping(5, ''emby'', ''new'', ''movie'', null) > 0', 'PM003'),
    ('select count(*) from pymap.get_or_create_mappings(5, ''plex'', ''[{"itemId": "a", "type": "movie"}, {"itemId": "new", "type": "movie"}]'')', '2'),
    ('select pymap.link_client_item(900000001, 6, ''emby'', ''7'')', 'true'),
    ('select pymap.link_client_item(900000002, 6, ''emby'', ''7'')', 'true'),
    ('select pymap.link_client_item(999999999, 6, ''emby'', ''8'')', 'P0002'),
    ('select pymap.unlink_client_item(6, ''7'')', 'PM002'),
    ('select pymap.unlink_client_item(6, ''7'', ''movie'')', 'true'),
    ('select pymap.remove_client(5)', '2'),
    ('select string_agg(action, '' '') from pymap.sync_client_items(10, ''plex'', ''[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "133093"}}, {"itemId": "b", "type": "series"}]'')', 'matched created'),
    ('select string_agg(action, '' '') from pymap.sync_client_items(10, ''plex'', ''[{"itemId": "a", "type": "movie"}]'', ''{movie,series}'', p_dry_run => true)', 'kept removed'),
    ('select string_agg(action, '' '') from pymap.sync_client_items(10, ''emby'', ''[]'')', 'PM003'),
    ('select pymap.begin_client_sync(10, ''plex'')', 'copy pg_temp.pymap_listing (item) from stdin'),
    ('select action from pymap.apply_client_sync(10, ''plex'', ''{series}'')', 'removed'),
    ('select candidate_id from pymap.get_review_candidates()', '900000002'),
    ('select pymap.undo(pymap.mark_distinct(900000001, 900000002)) > 0', 'true'),
    ('select pymap.merge_media_items(900000001, 900000002)', '22023'),
    ('select pymap.undo(pymap.merge_media_items(900000001, (select max(id) from pymap.media_items where type = ''movie'' and id < 900000000))) > 0', 'true'),
    ('select pymap.split_media_item(900000001, ''[{"clientId": 10, "itemId": "a"}]'') > 0', 'true'),
    ('select pymap.merge_media_items(900000001, pymap.get_media_item_by_client_id(10, ''a''))', 'PM005'),
    ('select pymap.undo((select max(event_id) from pymap.history(900000001) where kind = ''split'')) > 0', 'true'),
    ('select pymap.rebuild_lookup()', '0'),
    ('select count(*) > 3 from pymap.history(900000001)', 'true'),
    ('select event_id from pymap.changes_since(0)', '900000001'),
    ('select kind from pymap.check_integrity()', 'no_client'),
    ('select count(*) from pymap.find_duplicates()', '0'),
    ('select sum(count) > 0 from pymap.stats()', 'true'),
    ('select pymap.resolve_media_item(900000004, 1)', '900000003'),
    ('update pymap.media_items set parent_id = 900000002 where id = 900000003 returning parent_id', '900000002'),
    ('insert into pymap.media_items (id, type, merged_into) values (900000005, ''movie'', 900000001) returning merged_into', '900000001'),
    ('delete from pymap.media_items where id = 900000001 returning id', '900000001'),
    ('select count(*) from pymap.media_items where id = 900000005', '0'),
    ('select count(*) from pymap.review_candidates', '0'),
    ('select count(*) from pymap.distinct_pairs', '0'),
    (
        'insert into pymap.media_items (type, sync_clients, external_ids) values (''movie'', ''[{"clientId": 7, "clientType": "plex", "itemId": "w"}]'', ''[{"source": "tmdb", "id": "5"}]'') returning jsonb_array_length(sync_clients)',
        '1'
    ),
    ('insert into pymap.media_items (type, sync_clients) values (''movie'', ''[{"clientId": 7, "clientType": "plex", "itemId": "w"}]'')', 'PM001'),
    ('insert into pymap.media_items (type, sync_clients) values (''movie'', ''[{"clientId": 7, "clientType": "emby", "itemId": "x"}]'')', 'PM003'),
    ('insert into pymap.media_items (type, sync_clients) values (''movie'', ''[{}]'')', '22023'),
    ('select media_type from pymap.sync_clients_list(7)', 'movie'),
    ('update pymap.media_items set type = ''series'' where sync_clients @> pymap.sync_client_pattern(7, ''w'') returning type', 'series'),
    ('select media_type from pymap.sync_clients_list(7)', 'series'),
    ('delete from pymap.media_items where sync_clients @> pymap.sync_client_pattern(7, ''w'') returning type', 'series'),
    ('select count(*) from pymap.sync_clients_list(7)', '0'),
    ('truncate pymap.media_items', '42501'),
    ('insert into pymap.media_types values (''film'')', '42501')
) as r (statement, answer);
select is(pg_temp.as_role('pymap_writer', r.statement), '42501', 'pymap_writer may not: ' || r.statement)
from (values
    ('insert into pymap.client_items (client_id, client_item_id, media_type, media_item_id) values (3, ''x'', ''movie'', 900000001)'),
    ('update pymap.client_items set media_item_id = 1'), ('delete from pymap.client_items'), ('truncate pymap.client_items'),
    ('insert into pymap.external_ids (source, external_id, media_type, slot, media_item_id) values (''tmdb'', ''1'', ''movie'', 0, 900000001)'),
    ('update pymap.external_ids set media_item_id = 1'), ('delete from pymap.external_ids'), ('truncate pymap.external_ids'),
    ('insert into pymap.clients (client_id, client_type) values (50, ''plex'')'),
    ('update pymap.clients set client_type = ''emby'''), ('delete from pymap.clients'), ('truncate pymap.clients'),
    ('insert into pymap.review_candidates (media_item_id, candidate_id, evidence) values (900000002, 900000001, ''title'')'),
    ('update pymap.review_candidates set candidate_id = 1'), ('delete from pymap.review_candidates'), ('truncate pymap.review_candidates'),
    ('insert into pymap.mapping_events (kind, media_type) values (''distinct'', ''movie'')'),
    ('update pymap.mapping_events set actor = ''me'''), ('delete from pymap.mapping_events'), ('truncate pymap.mapping_events'),
    ('insert into pymap.match_weights values (''title'', ''x'', 1, '''')'), ('update pymap.match_weights set weight = 0'),
    ('delete from pymap.match_weights'), ('truncate pymap.match_weights'),
    ('select * from pymap.locks'), ('insert into pymap.locks values (0, ''identity'')'), ('delete from pymap.locks'),
    ('select * from pymap.locks for update'), ('lock table pymap.client_items'),
    ('insert into pymap.distinct_pairs (media_item_id, other_id) values (1, 2)'),
    ('update pymap.distinct_pairs set other_id = 3'), ('delete from pymap.distinct_pairs'), ('truncate pymap.distinct_pairs'),
    ('select pymap._sync_listing(''p_items'', 3, ''kodi'', null, 1, true, false, 0)'), ('select pymap._open_staging()'), ('select pymap._merge_items(3, 0)'),
    ('select pymap._note_event(''merged'', ''movie'', 1, 2, null, null, null, 0)'), ('select pymap._mark_distinct(1, 2, 0)'), ('select pymap._remove_stale_lookup(null, 0)')
) as r (statement);

create role pymap_nobody;
select is(pg_temp.as_role('pymap_nobody', r.statement), '42501', 'Any other role may not: ' || r.statement)
from (values
    ('select pymap.get_media_item_by_client_id(3, ''2'')'), ('select pymap.normalize_external_id_source(''IMDB'')'),
    ('select pymap.items_from_plex(''{}'')'), ('select * from pymap.media_items'), ('select * from pymap.media_types'), ('select * from pymap.review_candidates'),
    ('select * from pymap.sync_client_items(3, ''kodi'', ''[]'')'), ('select pymap.begin_client_sync(3, ''kodi'')'), ('select * from pymap.apply_client_sync(3, ''kodi'')'),
    ('select pymap.resolve_media_item(900000002)'), ('select * from pymap.get_review_candidates()'),
    ('select * from pymap.mapping_events'), ('select * from pymap.distinct_pairs'), ('select * from pymap.find_duplicates()'), ('select * from pymap.changes_since(0)'),
    ('select * from pymap.history(1)'), ('select * from pymap.stats()'), ('select * from pymap.check_integrity()'), ('select pymap.version()'), ('select pymap.listen()'),
    ('select pymap.merge_media_items(1, 2)'), ('select pymap.mark_distinct(1, 2)'), ('select pymap.split_media_item(1, ''[]'')'), ('select pymap.undo(1)'),
    ('select pymap.rebuild_lookup()'), ('select * from pymap.match_weights'), ('select * from pymap.client_items'),
    ('select * from pymap.explain_match(1, ''a'', ''movie'', 1)'), ('select * from pymap.get_mapping_evidence(1)')
) as r (statement);

select pg_advisory_unlock_all();

select * from finish();

rollback;
