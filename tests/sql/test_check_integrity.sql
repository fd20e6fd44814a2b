begin;

select plan(38);

insert into pymap.media_items (tenant_id, id, type, title, parent_id, sync_clients, external_ids) values
    (
        0, 900000001, 'movie', null, null, '[{"clientId": 1, "clientType": "plex", "itemId": "a"}, {"clientId": 2, "clientType": "emby", "itemId": "b"}]',
        '[{"source": "imdb", "id": "1"}]'
    ),
    (
        0, 900000002, 'movie', null, null, '[{"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}]',
        '[{"source": "tmdb", "id": "2"}]'
    ),
    (0, 900000003, 'series', null, null, '[{"clientId": 5, "clientType": "plex", "itemId": "s"}]', '[{"source": "imdb", "id": "1"}]'),
    (0, 900000004, 'episode', null, 900000003, '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]', '[]'),
    (1, 900000005, 'movie', null, null, '[{"clientId": 1, "clientType": "emby", "itemId": "b"}]', '[{"source": "tmdb", "id": "2"}]');
insert into pymap.media_items (id, type, merged_into) values (900000006, 'movie', 900000001), (900000007, 'movie', 900000002);

-- What is found after a statement that was done without the triggers, or with them (origin); it is taken back.
create function pg_temp.found(p_damage text, p_tenant_id bigint default 0, p_triggers text default 'replica') returns text language plpgsql as $$
declare
    v_found text;
begin
    perform set_config('session_replication_role', p_triggers, true);
    execute p_damage;
    set local session_replication_role = origin;
    select string_agg(
        concat_ws(' ', f.severity, f.kind, f.media_item_id - 900000000 || ':', f.detail, 'in tenant ' || nullif(f.tenant_id, 0)),
        ' / ' order by f.n
    )
    into v_found
    from pymap.check_integrity(p_tenant_id) with ordinality as f (severity, kind, tenant_id, media_item_id, detail, n);
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return replace(coalesce(v_found, ''), 'f27caa37e5142225ccebded48f6553a2', 'f27…');
end
$$;

select is(pg_temp.found('select', t), '', 'Clean: tenant ' || t) from generate_series(0, 2) as t;

-- Lookup tables and arrays

select is(pg_temp.found(d.damage), d.found, d.damage)
from (values
    ('delete from pymap.client_items where client_id = 2', 'error mapping_missing 1: movie ''b'' of client 2 is not found'),
    (
        'update pymap.client_items set media_item_id = 900000002 where client_id = 2',
        'error mapping_missing 1: movie ''b'' of client 2 stands for media item 900000002 / '
        'error mapping_stale 2: movie ''b'' of client 2 is not in its sync_clients'
    ),
    (
        'insert into pymap.client_items (client_id, client_item_id, media_type, media_item_id) values (2, ''z'', ''movie'', 900000001)',
        'error mapping_stale 1: movie ''z'' of client 2 is not in its sync_clients'
    ),
    (
        'insert into pymap.client_items (client_id, client_item_id, media_type, media_item_id) values (1, ''a'', ''series'', 900000001)',
        'error mapping_stale 1: series ''a'' of client 1 is not in its sync_clients'
    ),
    (
        'insert into pymap.client_items (client_id, client_item_id, media_type, media_item_id) values (2, ''z'', ''movie'', 900000009)',
        'error mapping_stale 9: movie ''z'' of client 2 is not in its sync_clients'
    ),
    (
        'delete from pymap.media_items where id = 900000004', 'error mapping_stale 4: episode ''a'' of client 1 is not in its sync_clients'
    ),
    (
        'update pymap.media_items set sync_clients = sync_clients - 0 where id = 900000001',
        'error mapping_stale 1: movie ''a'' of client 1 is not in its sync_clients'
    ),
    (
        'update pymap.media_items set sync_clients = sync_clients || ''[{"clientId": 2, "clientType": "emby", "itemId": "b"}]'' where id = 900000002',
        'error mapping_missing 2: movie ''b'' of client 2 stands for media item 900000001'
    ),
    (
        'update pymap.media_items set type = ''video'' where id = 900000002',
        'error external_id_missing 2: tmdb 2 is not found / error external_id_stale 2: tmdb 2 is not in its external_ids / '
        'error mapping_missing 2: video ''f27…'' of client 4 is not found / '
        'error mapping_stale 2: movie ''f27…'' of client 4 is not in its sync_clients'
    ),
    ('delete from pymap.external_ids where source = ''tmdb''', 'error external_id_missing 2: tmdb 2 is not found'),
    (
        'update pymap.external_ids set slot = 0, media_item_id = 900000001 where source = ''tmdb''',
        'error external_id_missing 2: tmdb 2 is not found / error external_id_stale 1: tmdb 2 is not in its external_ids'
    ),
    (
        'insert into pymap.external_ids (source, external_id, media_type, slot, media_item_id) values (''tmdb'', ''3'', ''movie'', 0, 900000009)',
        'error external_id_stale 9: tmdb 3 is not in its external_ids'
    ),
    (
        'update pymap.media_items set external_ids = ''[{"source": "tvdb", "id": "5"}]'' where id = 900000002',
        'error external_id_missing 2: tvdb 5 is not found / error external_id_stale 2: tmdb 2 is not in its external_ids'
    ),
    ('delete from pymap.clients where client_id = 2', 'error client_missing 1: client 2 of type emby'),
    ('update pymap.clients set client_type = ''kodi'' where client_id = 2', 'error client_type_mismatch 1: client 2 of type emby is of type kodi'),
    (
        'update pymap.media_items set sync_clients = ''[{"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37E5142225CCEBDED48F6553A2"}]'' where id = 900000002',
        'error mapping_missing 2: movie ''F27CAA37E5142225CCEBDED48F6553A2'' of client 4 is not found / '
        'error mapping_stale 2: movie ''f27…'' of client 4 is not in its sync_clients / '
        'error not_canonical 2: [{"itemId": "F27CAA37E5142225CCEBDED48F6553A2", "clientId": 4, "clientType": "jellyfin"}], [{"id": "2", "source": "tmdb"}]'
    ),
    (
        'update pymap.media_items set sync_clients = sync_clients || sync_clients where id = 900000002',
        'error not_canonical 2: [{"itemId": "f27…", "clientId": 4, "clientType": "jellyfin"}, {"itemId": "f27…", "clientId": 4, "clientType": "jellyfin"}], '
        '[{"id": "2", "source": "tmdb"}]'
    ),
    (
        'update pymap.media_items set external_ids = ''[{"source": "TMDB", "id": "02"}]'' where id = 900000002',
        'error external_id_missing 2: TMDB 02 is not found / error external_id_stale 2: tmdb 2 is not in its external_ids / '
        'error not_canonical 2: [{"itemId": "f27…", "clientId": 4, "clientType": "jellyfin"}], [{"id": "02", "source": "TMDB"}]'
    ),
    ('update pymap.client_items set media_item_id = 1 where tenant_id = 1', ''),
    (
        'update pymap.media_items set sync_clients = jsonb_set(sync_clients, ''{0,clientId}'', ''0'') where id = 900000002',
        'error not_valid 2: [{"itemId": "f27…", "clientId": 0, "clientType": "jellyfin"}], [{"id": "2", "source": "tmdb"}]'
    ),
    (
        'update pymap.media_items set sync_clients = jsonb_set(sync_clients, ''{0,clientId}'', ''4.0'') where id = 900000002',
        'error not_valid 2: [{"itemId": "f27…", "clientId": 4.0, "clientType": "jellyfin"}], [{"id": "2", "source": "tmdb"}]'
    ),
    (
        'update pymap.media_items set sync_clients = jsonb_set(sync_clients, ''{0,itemId}'', ''""''), external_ids = ''[]'' where id = 900000002',
        'error not_valid 2: [{"itemId": "", "clientId": 4, "clientType": "jellyfin"}], []'
    )
) as d (damage, found);
select is(
    pg_temp.found('update pymap.client_items set media_item_id = 900000001 where tenant_id = 1', 1),
    'error mapping_missing 5: movie ''b'' of client 1 stands for media item 900000001 in tenant 1 / '
    'error mapping_stale 1: movie ''b'' of client 1 is not in its sync_clients in tenant 1', 'Another tenant''s damage'
);

-- References

select is(pg_temp.found(d.damage), d.found, d.damage)
from (values
    ('update pymap.media_items set parent_id = 900000009 where id = 900000004', 'error orphaned_child 4: parent 900000009 does not exist'),
    ('update pymap.media_items set parent_id = 900000005 where id = 900000004', 'error orphaned_child 4: parent 900000005 does not exist'),
    ('update pymap.media_items set parent_id = 900000006 where id = 900000004', 'error orphaned_child 4: parent 900000006 was merged into 900000001'),
    ('delete from pymap.media_items where id = 900000003',
        'error external_id_stale 3: imdb tt0000001 is not in its external_ids / error mapping_stale 3: series ''s'' of client 5 is not in its sync_clients / '
        'error orphaned_child 4: parent 900000003 does not exist'),
    ('update pymap.media_items set merged_into = 900000009 where id = 900000006', 'error dangling_redirect 6: merged into 900000009, which does not exist'),
    ('update pymap.media_items set merged_into = 900000007 where id = 900000006', 'error redirect_chain 6: merged into 900000007, which was merged into 900000002')
) as d (damage, found);

-- What is suspicious

select is(pg_temp.found(d.doing, 0, 'origin'), d.found, d.description)
from (values
    (
        'insert into pymap.media_items (id, type, parent_id, sync_clients, external_ids) select 900000010 + n, ''season'', 900000003, '
        'format(''[{"clientId": 1, "clientType": "plex", "itemId": "%s"}]'', n)::jsonb, ''[{"source": "tvdb", "id": "5"}]'' from generate_series(1, 21) as n',
        'warning shared_external_id 11: tvdb 5 is on 21 media items: '
        || (select string_agg((900000010 + n)::text, ', ' order by n) from generate_series(1, 20) as n),
        'One external ID on many media items of a type; the first twenty are named'
    ),
    (
        'update pymap.media_items set external_ids = ''[{"source": "imdb", "id": "3"}, {"source": "tmdb", "id": "2"}, {"source": "imdb", "id": "4"}]'' where id = 900000002',
        'warning contradicting_external_ids 2: imdb: tt0000003, tt0000004', 'Several IDs of one source'
    ),
    (
        'insert into pymap.media_items (id, type, title) values (900000011, ''movie'', ''It''''s''), (900000012, ''movie'', null)',
        'warning no_client 11: ''It''''s'' / warning no_client 12: no title', 'Neither a mapping nor a part'
    ),
    ('select pymap.merge_media_items(900000001, 900000002)', '', 'A redirect has no client'),
    (
        'insert into pymap.media_items (id, type) values (900000011, ''movie''); delete from pymap.client_items where client_id in (1, 2)',
        'error mapping_missing 1: movie ''a'' of client 1 is not found / error mapping_missing 1: movie ''b'' of client 2 is not found / '
        'error mapping_missing 4: episode ''a'' of client 1 is not found / warning no_client 11: no title',
        'Errors come first, in order'
    )
) as d (doing, found, description);
select is((select count(*) from pymap.check_integrity(p_tenant_id => 0)), 0::bigint, 'After all this nothing is found; argument by name');

select * from finish();

rollback;
