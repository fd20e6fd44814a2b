begin;

select plan(43);

insert into pymap.media_items (tenant_id, id, type, sync_clients, external_ids) values
    (
        0, 900000001, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}, {"clientId": 2, "clientType": "emby", "itemId": "b"}]',
        '[{"source": "imdb", "id": "1"}, {"source": "tmdb", "id": "2"}]'
    ),
    (
        0, 900000002, 'movie', '[{"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}]',
        '[{"source": "tmdb", "id": "2"}]'
    ),
    (0, 900000003, 'series', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]', '[{"source": "tmdb", "id": "2"}]'),
    (1, 900000004, 'movie', '[{"clientId": 1, "clientType": "emby", "itemId": "b"}]', '[{"source": "tmdb", "id": "2"}]');
insert into pymap.media_items (id, type, merged_into) values (900000005, 'movie', 900000001);

create function pg_temp.lookup() returns table (tenant_id bigint, stored text) language sql as $$
    select m.tenant_id, (m.tenant_id, m.client_id, m.client_item_id, m.media_type, m.media_item_id)::text from pymap.client_items as m
    union all select x.tenant_id, x::text from pymap.external_ids as x
    union all select c.tenant_id, (c.tenant_id, c.client_id, c.client_type)::text from pymap.clients as c
    order by 1, 2
$$;
create temporary table before as select * from pg_temp.lookup();

-- How many rows rebuild_lookup mends after damage that was done without the triggers, then what of the lookup tables is
-- not as it was, and what is found all the same. All of it is taken back.
create function pg_temp.mended(p_damage text) returns text language plpgsql as $$
declare
    v_answer text;
begin
    set local session_replication_role = replica;
    execute p_damage;
    set local session_replication_role = origin;
    if not exists (select from pymap.check_integrity()) and p_damage <> 'select' then
        return 'there was no damage';
    end if;
    v_answer := pymap.rebuild_lookup();
    v_answer := concat_ws(
        ' ', v_answer,
        (
            select string_agg(d.row, ' ' order by d.row)
            from (
                select '+' || a.stored as row from (select * from pg_temp.lookup() except all select * from before) as a
                union all
                select '-' || g.stored from (select * from before except all select * from pg_temp.lookup()) as g
            ) as d
        ),
        (select string_agg(f.kind, ' ') from pymap.check_integrity() as f where f.severity = 'error'),
        'again ' || nullif(pymap.rebuild_lookup(), 0)
    );
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_answer;
end
$$;

-- The lookup tables are damaged

select is(pg_temp.mended(d.damage), d.mended, 'As it was: ' || d.damage)
from (values
    ('select', '0'),
    ('delete from pymap.client_items where client_id = 2 and tenant_id = 0', '1'),
    ('update pymap.client_items set media_item_id = 900000002 where client_id = 2', '2'),
    ('update pymap.client_items set media_type = ''video'' where client_id = 2', '2'),
    ('insert into pymap.client_items (client_id, client_item_id, media_type, media_item_id) values (2, ''z'', ''movie'', 900000001)', '1'),
    ('insert into pymap.client_items (client_id, client_item_id, media_type, media_item_id) values (2, ''z'', ''movie'', 900000009)', '1'),
    ('delete from pymap.external_ids where source = ''imdb''', '1'),
    ('delete from pymap.external_ids where media_item_id = 900000001', '2'),
    ('delete from pymap.external_ids where media_item_id = 900000002', '1'),
    ('update pymap.external_ids set slot = 0, media_item_id = 900000009 where source = ''imdb''', '2'),
    ('insert into pymap.external_ids (source, external_id, media_type, slot, media_item_id) values (''tmdb'', ''3'', ''movie'', 0, 900000009)', '1'),
    ('insert into pymap.external_ids (source, external_id, media_type, slot, media_item_id) values (''tmdb'', ''3'', ''movie'', 900000001, 900000001)', '1'),
    ('delete from pymap.clients where client_id = 2', '1'),
    ('update pymap.clients set client_type = ''kodi'' where client_id = 2', '1'),
    ('delete from pymap.client_items where tenant_id = 0', '4'),
    ('delete from pymap.external_ids where tenant_id = 0', '4'),
    ('delete from pymap.client_items where tenant_id = 0; delete from pymap.external_ids where tenant_id = 0; delete from pymap.clients where tenant_id = 0', '11')
) as d (damage, mended);

-- The arrays were written without the triggers

select is(pg_temp.mended(d.damage), d.mended, 'The arrays are right: ' || d.damage)
from (values
    (
        'update pymap.media_items set sync_clients = sync_clients - 1 where id = 900000001',
        '1 -(0,2,b,movie,900000001)'
    ),
    (
        'update pymap.media_items set sync_clients = ''[{"clientId": 9, "clientType": "kodi", "itemId": "z"}]'' where id = 900000002',
        '3 +(0,9,kodi) +(0,9,z,movie,900000002) -(0,4,f27caa37e5142225ccebded48f6553a2,movie,900000002)'
    ),
    ('update pymap.media_items set type = ''video'' where id = 900000002', '4 +(0,4,f27caa37e5142225ccebded48f6553a2,video,900000002) +(0,tmdb,2,video,0,900000002) '
     '-(0,4,f27caa37e5142225ccebded48f6553a2,movie,900000002) -(0,tmdb,2,movie,900000002,900000002)'),
    ('update pymap.media_items set external_ids = ''[{"source": "tvdb", "id": "5"}]'' where id = 900000003', '2 +(0,tvdb,5,series,0,900000003) -(0,tmdb,2,series,0,900000003)'),
    ('delete from pymap.media_items where id = 900000002', '2 -(0,4,f27caa37e5142225ccebded48f6553a2,movie,900000002) -(0,tmdb,2,movie,900000002,900000002)'),
    (
        'insert into pymap.media_items (id, type, sync_clients, external_ids) values (900000009, ''movie'', ''[{"clientId": 2, "clientType": "emby", "itemId": "z"}]'', ''[{"source": "tmdb", "id": "2"}]'')',
        '2 +(0,2,z,movie,900000009) +(0,tmdb,2,movie,900000009,900000009)'
    )
) as d (damage, mended);

select is(pg_temp.mended('update pymap.media_items set parent_id = 900000009 where id = 900000003'), '0 orphaned_child', 'References between media items are left as they are');

select is(
    pg_temp.mended('update pymap.media_items set sync_clients = jsonb_set(sync_clients, ''{0,clientId}'', ''0'') where id = 900000002' || d.more), d.mended,
    'An array that is not valid is left as it is' || d.description
)
from (values ('', '0 not_valid', ''), ('; delete from pymap.client_items where tenant_id = 0 and client_id = 2', '1 not_valid', ', also where others are mended')) as d (more, mended, description);

-- Arrays that are not canonical

set local session_replication_role = replica;
update pymap.media_items
set sync_clients = '[{"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2", "own": 1},
                     {"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}]',
    external_ids = '[{"source": "TMDB", "id": "02"}, {"source": "tmdb", "id": "2"}, {"source": "imdb", "id": "0"}]'
where id = 900000002;
set local session_replication_role = origin;
select is(pymap.rebuild_lookup(), 1::bigint, 'Arrays that were written without the triggers');
select results_eq(
    'select sync_clients, external_ids from pymap.media_items where id = 900000002',
    $$
        values ('[{"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2", "own": 1}]'::jsonb,
                '[{"source": "tmdb", "id": "2"}]'::jsonb)
    $$,
    'Are made canonical'
);
select results_eq('select * from pg_temp.lookup()', 'select * from before', 'And the lookup tables agree with them');
update pymap.media_items set sync_clients = sync_clients #- '{0,own}' where id = 900000002;

-- What clients told

do $$ begin perform pymap.sync_client_items(6, 'kodi', '[{"itemId": "1", "type": "movie", "title": "Told"}, {"itemId": "2", "type": "movie", "title": "Told as well"}]'); end $$;
set local session_replication_role = replica;
delete from pymap.client_items where client_id = 6 and client_item_id = '2';
set local session_replication_role = origin;
select is(pymap.rebuild_lookup(), 1::bigint, 'A mapping of two that were synced is missing');
select results_eq(
    'select client_item_id collate "default", title, told_hash is null from pymap.client_items where client_id = 6 order by 1', $$values ('1', 'Told', false), ('2', null, true)$$,
    'It is found again and has told nothing; what the other one told is not touched'
);
select results_eq(
    $$select action from pymap.sync_client_items(6, 'kodi', '[{"itemId": "1", "type": "movie", "title": "Told"}, {"itemId": "2", "type": "movie", "title": "Told as well"}]')$$,
    $$values ('kept'), ('kept')$$, 'The next sync keeps it'
);
select is((select title from pymap.client_items where client_id = 6 and client_item_id = '2'), 'Told as well', 'And it has told again');
do $$ begin perform pymap.remove_client(6); end $$;
delete from pymap.media_items where title like 'Told%';

-- No event: nothing changed what a mapping means

create temporary table events_before as select e.* from pymap.mapping_events as e;
set local session_replication_role = replica;
delete from pymap.client_items;
set local session_replication_role = origin;
select is(pymap.rebuild_lookup(), 4::bigint, 'All mappings of a tenant');
select results_eq('select * from pymap.mapping_events order by id', 'select * from events_before order by id', 'That they are found again is no event');
select is_empty('select from pymap.client_items where tenant_id = 1', 'Another tenant''s are not touched');
select is(pymap.rebuild_lookup(), 0::bigint, 'Nor counted');
select is(pymap.rebuild_lookup(p_tenant_id => 1), 1::bigint, 'Before they are asked for; argument by name');
select results_eq('select * from pg_temp.lookup()', 'select * from before', 'Then everything is as it was');

-- Refused

create function pg_temp.refusal_after(p_damage text) returns text language plpgsql as $$
declare
    v_refusal text;
begin
    set local session_replication_role = replica;
    execute p_damage;
    delete from pymap.client_items where client_id = 2;
    set local session_replication_role = origin;
    v_refusal := helpers.refusal('select pymap.rebuild_lookup()')
        || (select ' still ' || count(*) from pymap.check_integrity() as f where f.detail = 'movie ''b'' of client 2 is not found');
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_refusal;
end
$$;
select matches(pg_temp.refusal_after(d.damage), d.refusal, 'Nothing is written: ' || d.description)
from (values
    (
        'insert into pymap.media_items (id, type, sync_clients) values (900000009, ''movie'', ''[{"clientId": 1, "clientType": "plex", "itemId": "a"}]'')',
        '^PM001\|.*900000001.*900000009.*\|.+ still 1$', 'two media items claim one mapping'
    ),
    (
        'insert into pymap.media_items (id, type, sync_clients) values (900000009, ''movie'', ''[{"clientId": 1, "clientType": "plex", "itemId": "a"}]''); delete from pymap.client_items',
        '^PM001\|.*900000001.*900000009.*\|.+ still 1$', 'also where the lookup table knows neither'
    ),
    (
        'insert into pymap.media_items (id, type, sync_clients) values (900000009, ''movie'', ''[{"clientId": 1, "clientType": "emby", "itemId": "z"}]'')',
        '^PM003\|.+\|.+ still 1$', 'the arrays give a client two types'
    )
) as d (damage, refusal, description);
select matches(helpers.refusal('select pymap.rebuild_lookup(null)'), '^22023\|p_tenant_id is NULL\.\|.+', 'Refused: a tenant that is NULL');

select * from finish();

rollback;
