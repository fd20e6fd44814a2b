begin;

select plan(51);

-- The temporary tables of a sync, made once.
select pymap.sync_client_items(1, 'plex', '[]');

insert into pymap.media_items (tenant_id, id, type, title, release_year, sync_clients, external_ids) values
    (
        0, 900000001, 'movie', 'X', 1999,
        '[{"clientId": 1, "clientType": "plex", "itemId": "a", "own": [1]}, {"clientId": 2, "clientType": "emby", "itemId": "b"}]',
        '[{"source": "imdb", "id": "1"}]'
    ),
    (
        0, 900000002, 'movie', 'Y', 1999, '[{"clientId": 2, "clientType": "emby", "itemId": "c"}]',
        '[{"source": "tmdb", "id": "2"}]'
    ),
    (0, 900000003, 'series', null, null, '[]', '[]'),
    (0, 900000004, 'movie', null, null, '[{"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}]', '[]'),
    (1, 900000005, 'movie', null, null, '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]', '[]');
insert into pymap.media_items (id, type, merged_into) values (900000006, 'movie', 900000001);

-- The events of a statement: kind, mapping, from which media item to which by the last digit of its ID, evidence.
create function pg_temp.written(p_statement text) returns text language plpgsql as $$
declare
    v_last constant bigint := (select max(e.id) from pymap.mapping_events as e);
    v_events text;
begin
    execute p_statement;
    select string_agg(
        concat_ws(
            ' ', e.kind, e.client_id || '/' || e.client_item_id, e.media_type,
            format(
                '%s>%s', case when e.media_item_before < 900000000 then 'new' else right(e.media_item_before::text, 1) end,
                case when e.media_item_after < 900000000 then 'new' else right(e.media_item_after::text, 1) end
            ),
            e.evidence, 'in tenant ' || nullif(e.tenant_id, 0)
        ),
        ', ' order by e.kind, e.client_id, e.client_item_id, e.media_type, e.tenant_id, e.id
    )
    into v_events
    from pymap.mapping_events as e
    where e.id > v_last;
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return coalesce(v_events, '');
end
$$;

select is(pg_temp.written(s.statement), s.events, format('%s: %s', s.path, s.statement))
from (values
    ('Single call', 'select pymap.get_or_create_mapping(9, ''kodi'', ''n'', ''movie'', null)', 'mapped 9/n movie >new'),
    ('Matched', 'select pymap.get_or_create_mapping(9, ''kodi'', ''n'', ''movie'', null, p_external_ids => ''{"imdb": "1"}'')', 'mapped 9/n movie >1 external_ids'),
    ('There already', 'select pymap.get_or_create_mapping(1, ''plex'', ''a'', ''movie'', null, p_external_ids => ''{"imdb": ["1", "2"]}'')', ''),
    (
        'Batch', 'select pymap.get_or_create_mappings(2, ''emby'', ''[{"itemId": "b", "type": "movie"}, {"itemId": "n", "type": "movie"}, {"itemId": "n", "type": "series"}, '
        '{"itemId": "m", "type": "movie", "externalIds": {"imdb": "1"}}]'')',
        'mapped 2/m movie >1 external_ids, mapped 2/n movie >new, mapped 2/n series >new'
    ),
    ('Link', 'select pymap.link_client_item(900000001, 9, ''kodi'', ''n'')', 'mapped 9/n movie >1'),
    ('Linked already', 'select pymap.link_client_item(900000001, 1, ''plex'', ''a'')', ''),
    ('Unlink', 'select pymap.unlink_client_item(1, ''a'')', 'unmapped 1/a movie 1>'),
    ('Not linked', 'select pymap.unlink_client_item(1, ''z'')', ''),
    ('Remove a client', 'select pymap.remove_client(2)', 'unmapped 2/b movie 1>, unmapped 2/c movie 2>'),
    ('Merge', 'select pymap.merge_media_items(900000001, 900000002)', 'merged movie 2>1 manual, moved 2/c movie 2>1 merge'),
    ('Distinct', 'select pymap.mark_distinct(900000002, 900000001)', 'distinct movie 1>2 manual'),
    (
        'Split', 'select pymap.split_media_item(900000001, ''[{"clientId": 2, "itemId": "b"}]'')',
        'distinct movie new>1 manual, moved 2/b movie 1>new split, split movie 1>new manual'
    ),
    (
        'Undo', 'select pymap.undo(pymap.merge_media_items(900000001, 900000002))',
        'merged movie 2>1 manual, moved 2/c movie 2>1 merge, moved 2/c movie 1>2 undo, undone movie 1>2 undo'
    ),

    ('Sync, kept', 'select pymap.sync_client_items(1, ''plex'', ''[{"itemId": "a", "type": "movie", "title": "New"}]'')', ''),
    ('Sync, created', 'select pymap.sync_client_items(9, ''kodi'', ''[{"itemId": "n", "type": "movie"}]'')', 'mapped 9/n movie >new'),
    ('Sync, matched', 'select pymap.sync_client_items(9, ''kodi'', ''[{"itemId": "n", "type": "movie", "externalIds": {"imdb": "1"}}]'')', 'mapped 9/n movie >1 external_ids'),
    ('Sync, matched', 'select pymap.sync_client_items(9, ''kodi'', ''[{"itemId": "n", "type": "movie", "title": "X", "year": 1999}]'')', 'mapped 9/n movie >1 title'),
    (
        'Sync, rekeyed', 'select pymap.sync_client_items(1, ''plex'', ''[{"itemId": "n", "type": "movie", "externalIds": {"imdb": "1"}}]'')',
        'mapped 1/n movie >1 external_ids, unmapped 1/a movie 1>'
    ),
    (
        'Sync, reassigned', 'select pymap.sync_client_items(1, ''plex'', ''[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "1"}}]''); select pymap.sync_client_items(1, ''plex'', ''[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "7"}}]'')',
        'mapped 1/a movie >new, unmapped 1/a movie 1>'
    ),
    (
        'Sync, reassigned', 'select pymap.sync_client_items(1, ''plex'', ''[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "1"}}]''); select pymap.sync_client_items(1, ''plex'', ''[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "7", "tmdb": "2"}}]'')',
        'moved 1/a movie 1>2 external_ids'
    ),
    (
        'Sync, of a mapping that somebody wrote', 'select pymap.sync_client_items(1, ''plex'', ''[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "7"}}]'')', ''
    ),
    ('Sync, removed', 'select pymap.sync_client_items(1, ''plex'', ''[]'', ''{movie}'')', 'unmapped 1/a movie 1>'),
    (
        'Sync, merged', 'select pymap.sync_client_items(9, ''kodi'', ''[{"itemId": "n", "type": "movie", "externalIds": {"imdb": "1", "tmdb": "2"}}]'')',
        'mapped 9/n movie >1 external_ids, merged movie 2>1 external_ids, moved 2/c movie 2>1 merge'
    ),
    ('Dry run', 'select pymap.sync_client_items(1, ''plex'', ''[{"itemId": "n", "type": "movie"}]'', p_dry_run => true)', ''),

    (
        'INSERT',
        'insert into pymap.media_items (type, sync_clients) values (''movie'', ''[{"id": "9", "clientType": "kodi", "itemID": 7}, '
        '{"clientId": 9, "clientType": "kodi", "itemId": "8", "evidence": "own"}]''), (''movie'', ''[]'')',
        'mapped 9/7 movie >new, mapped 9/8 movie >new'
    ),
    (
        'INSERT in two tenants',
        'insert into pymap.media_items (tenant_id, type, sync_clients) select t, ''movie'', ''[{"clientId": 9, "clientType": "kodi", "itemId": "7"}]'' '
        'from generate_series(1, 2) as t',
        'mapped 9/7 movie >new in tenant 1, mapped 9/7 movie >new in tenant 2'
    ),
    ('UPDATE', 'update pymap.media_items set sync_clients = sync_clients - 0', 'unmapped 1/a movie 1>, unmapped 1/a movie 5> in tenant 1, unmapped 2/c movie 2>, unmapped 4/f27caa37e5142225ccebded48f6553a2 movie 4>'),
    (
        'UPDATE', 'update pymap.media_items set sync_clients = ''[{"clientId": 2, "clientType": "emby", "itemId": "b"}, {"clientId": 2, "clientType": "emby", "itemId": "n"}]'' where id = 900000001',
        'mapped 2/n movie >1, unmapped 1/a movie 1>'
    ),
    (
        'UPDATE that hands over',
        'update pymap.media_items set sync_clients = case id when 900000002 then ''[{"clientId": 1, "clientType": "plex", "itemId": "a", "evidence": "own"}]'' else ''[]'' end::jsonb '
        'where id in (900000001, 900000002)',
        'moved 1/a movie 1>2, unmapped 2/b movie 1>, unmapped 2/c movie 2>'
    ),
    ('UPDATE of the type', 'update pymap.media_items set type = ''video'' where id = 900000002', 'mapped 2/c video >2, unmapped 2/c movie 2>'),
    ('UPDATE of the type of one without mappings', 'update pymap.media_items set type = ''video'' where id = 900000003', ''),
    (
        'INSERT ON CONFLICT',
        'insert into pymap.media_items (tenant_id, id, type) values (0, 900000003, ''series'') on conflict (tenant_id, id) do update '
        'set sync_clients = ''[{"clientId": 1, "clientType": "plex", "itemId": "a"}]''', 'mapped 1/a series >3'
    ),
    ('DELETE', 'delete from pymap.media_items where id = 900000001', 'unmapped 1/a movie 1>, unmapped 2/b movie 1>'),
    ('DELETE in two tenants', 'delete from pymap.media_items where id in (900000002, 900000005)', 'unmapped 1/a movie 5> in tenant 1, unmapped 2/c movie 2>'),
    ('DELETE of one without mappings', 'delete from pymap.media_items where id = 900000003', ''),
    (
        'TRUNCATE', 'truncate pymap.media_items',
        'unmapped 1/a movie 1>, unmapped 1/a movie 5> in tenant 1, unmapped 2/b movie 1>, unmapped 2/c movie 2>, unmapped 4/f27caa37e5142225ccebded48f6553a2 movie 4>'
    ),

    ('Nothing new', 'update pymap.media_items set title = ''New'', external_ids = ''[]'', data = ''{"own": 1}''', ''),
    ('The same array', 'update pymap.media_items set sync_clients = sync_clients', ''),
    ('Another order', 'update pymap.media_items set sync_clients = jsonb_build_array(sync_clients -> 1, sync_clients -> 0) where id = 900000001', ''),
    ('Another spelling', 'update pymap.media_items set sync_clients = ''[{"clientID": "4", "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]'' where id = 900000004', ''),
    ('Other keys', 'update pymap.media_items set sync_clients = jsonb_set(sync_clients, ''{0,own}'', ''2'') where id = 900000001', ''),
    ('Nobody', 'update pymap.media_items set sync_clients = ''[]'' where id = 1', '')
) as s (path, statement, events);

-- What an event holds

create temporary table last_event as select max(id) as id from pymap.mapping_events;
create temporary view latest as select e.* from pymap.mapping_events as e, last_event as l where e.id > l.id;
do $$
begin
    perform pymap.unlink_client_item(1, 'a');
    perform set_config('pymap.actor', 'house keeper', true);
    update pymap.media_items
    set sync_clients = case id
        when 900000001 then '[]' else sync_clients || '{"clientId": 2, "clientType": "emby", "itemId": "b", "own": 2}'
    end
    where id in (900000001, 900000002);
    perform set_config('pymap.actor', '', true);
    set local role pymap_writer;
    delete from pymap.media_items where id = 900000004;
    reset role;
    perform pymap.link_client_item(900000001, 1, 'plex', 'a');
end
$$;
select results_eq(
    'select kind::text collate "default", client_item_id::text collate "default", details from latest order by id',
    $$
        values ('unmapped', 'a', '{"sync_client": {"clientId": 1, "clientType": "plex", "itemId": "a", "own": [1]}, "position": 1}'::jsonb),
               ('moved', 'b', '{"sync_client": {"clientId": 2, "clientType": "emby", "itemId": "b"}, "position": 1}'),
               (
                   'unmapped', 'f27caa37e5142225ccebded48f6553a2',
                   '{"sync_client": {"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}, "position": 1}'
               ),
               ('mapped', 'a', null)
    $$,
    'What goes is kept as it was, with all its keys'
);
select results_eq(
    'select actor collate "default" from latest order by id',
    $$
        values (session_user::text collate "default"), ('house keeper'), (session_user::text collate "default"),
               (session_user::text collate "default")
    $$,
    'The actor is pymap.actor, else the role of the session'
);
select results_eq(
    'select distinct happened_at, xid, epoch, tenant_id, undoes from latest',
    'select now(), pg_current_xact_id(), 0, 0::bigint, null::bigint', 'With its time and transaction'
);
insert into pymap.media_items (id, type, sync_clients)
values (900000007, 'movie', format('[{"clientId": 1, "clientType": "plex", "itemId": "e", "evidence": %s}]', to_jsonb(repeat('e', 101)))::jsonb);
select results_eq(
    $$
        select l.evidence collate "default", l.weight, l.comparisons, length(i.sync_clients #>> '{0,evidence}')
        from latest as l join pymap.media_items as i on i.id = l.media_item_after where l.client_item_id = 'e'
    $$,
    'values (null::text, null::integer, null::jsonb, 101)', 'A key evidence is the application''s own: it stays, and is no evidence'
);
select throws_ok(
    $$update pymap.media_items set sync_clients = '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]' where id = 900000007$$, 'PM001', null,
    'A statement that is refused'
);
select is_empty($$select from latest where client_item_id = 'a' and media_item_after = 900000007$$, 'Leaves no event');

-- What was weighed, and what was told

do $$
begin
    perform pymap.sync_client_items(7, 'plex', '[{"itemId": "w", "type": "movie", "title": "Y", "year": 1999, "externalIds": {"tmdb": 2}}]');
    perform pymap.merge_media_items(900000003, pymap.get_or_create_mapping(8, 'emby', 's', 'series', 'S'));
    perform pymap.unlink_client_item(7, 'w');
end
$$;
select results_eq(
    $$
        select kind collate "default", evidence collate "default", weight, comparisons, details #>> '{told,title}', details #> '{told,external_ids}',
               details #> '{told,comparisons}'
        from latest where client_item_id = 'w' order by id
    $$,
    $$
        values ('mapped', 'external_ids', 22, '{"tmdb": 12, "title": 7, "year": 3}'::jsonb, null, null::jsonb, null::jsonb),
               ('unmapped', null, null, null, 'Y', '{"tmdb": ["2"]}', '{"tmdb": 12, "title": 7, "year": 3}')
    $$,
    'The event of a mapping holds what was weighed, that of one which goes what its client had told'
);
select results_eq(
    $$select kind collate "default", evidence collate "default", weight from latest where client_item_id = 's' order by id$$,
    $$values ('mapped', null, null::integer), ('moved', 'merge', null)$$, 'What made its media item was weighed against nothing'
);

truncate pymap.media_items;
select is(
    (select details from latest where kind = 'unmapped' and media_item_before = 900000007),
    '{"sync_client": {"clientId": 1, "clientType": "plex", "itemId": "e"}}'::jsonb, 'Of what was truncated the mapping alone is known'
);

select * from finish();

rollback;
