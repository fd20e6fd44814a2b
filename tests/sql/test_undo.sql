begin;

select plan(97);

-- Every row of every table but the events, which only grow.
create function pg_temp.stored() returns setof text language sql as $$
    select (to_jsonb(i) - 'updated_at')::text from pymap.media_items as i
    -- Why a mapping is there, is not restored: it is there because of an undo.
    union all select (to_jsonb(m) - '{evidence,weight,comparisons}'::text[])::text from pymap.client_items as m
    union all select x::text from pymap.external_ids as x
    union all select (c.tenant_id, c.client_id, c.client_type)::text from pymap.clients as c
    union all select r::text from pymap.review_candidates as r
    union all select d::text from pymap.distinct_pairs as d
$$;

create temporary table remembered (stored text);
-- What differs from what was remembered: nothing, if what was done since is undone.
create function pg_temp.differences() returns text language sql as $$
    select string_agg(d.difference, e'\n')
    from (
        select '+ ' || n.s as difference from (select s from pg_temp.stored() as s except all select stored from remembered) as n
        union all
        select '- ' || o.stored from (select stored from remembered except all select s from pg_temp.stored() as s) as o
    ) as d
$$;
create function pg_temp.remember() returns void language sql as $$
    delete from remembered;
    insert into remembered select s from pg_temp.stored() as s;
$$;

-- Does a statement and returns its event: the one whose ID it answers, or the last one of a kind.
create function pg_temp.event_of(p_statement text, p_kind text) returns bigint language plpgsql as $$
declare
    v_event_id bigint;
begin
    if p_kind is null then
        execute p_statement into v_event_id;
        return v_event_id;
    end if;
    execute p_statement;
    return (select max(e.id) from pymap.mapping_events as e where e.kind = p_kind);
end
$$;

-- What is left of a statement after its event was undone.
create function pg_temp.left_of(p_statement text, p_kind text default null) returns text language plpgsql as $$
declare
    v_event_id bigint;
    v_left text := 'it did nothing';
begin
    perform pg_temp.remember();
    v_event_id := pg_temp.event_of(p_statement, p_kind);
    if pg_temp.differences() is not null then
        perform pymap.undo(v_event_id);
        v_left := coalesce(pg_temp.differences(), 'nothing');
    end if;
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_left;
end
$$;

-- How undoing the event of a statement is refused after another statement, and what it wrote all the same.
create function pg_temp.refusal_after(p_statement text, p_then text, p_kind text default null) returns text language plpgsql as $$
declare
    v_event_id bigint;
    v_refusal text;
begin
    v_event_id := pg_temp.event_of(p_statement, p_kind);
    execute replace(p_then, 'EVENT', v_event_id::text);
    perform pg_temp.remember();
    v_refusal := helpers.refusal(format('select pymap.undo(%s)', v_event_id)) || coalesce(pg_temp.differences(), '');
    v_refusal := replace(v_refusal, 'vent ' || (select max(e.id) from pymap.mapping_events as e), 'vent <the last>');
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_refusal;
end
$$;

create function pg_temp.client(p_client_id bigint, p_client_item_id text) returns jsonb language sql as $$
    select jsonb_build_object('clientId', p_client_id, 'clientType', 'plex', 'itemId', p_client_item_id, 'own', p_client_item_id)
$$;

-- Films: 1 knows nothing, 2 all, 3 is a redirect to 2, 4 shares what 2 has, 5 and 6 are none of them.
insert into pymap.media_items (id, type, title, release_year, merged_into, sync_clients, external_ids, data) values
    (
        900000001, 'movie', null, null, null, jsonb_build_array(pg_temp.client(1, 'a')),
        '[{"source": "imdb", "id": "tt0000001"}]', '{"own": 1}'
    ),
    (
        900000002, 'movie', 'X', 2000, null, jsonb_build_array(pg_temp.client(1, 'b'), pg_temp.client(2, 'b')),
        '[{"source": "imdb", "id": "tt0000001"}, {"source": "tmdb", "id": "5"}, {"source": "tvdb", "id": "7"}]', '{"own": 2}'
    ),
    (900000003, 'movie', 'Old', 1990, 900000002, '[]', '[]', '{}'),
    (900000004, 'movie', 'X', 2000, null, jsonb_build_array(pg_temp.client(3, 'd')), '[{"source": "tmdb", "id": "5"}]', '{}'),
    (900000005, 'movie', 'X', 2000, null, jsonb_build_array(pg_temp.client(3, 'e')), '[]', '{}'),
    (900000006, 'movie', 'X', null, null, jsonb_build_array(pg_temp.client(3, 'f')), '[]', '{}'),
    (900000007, 'movie', 'G', 2000, null, jsonb_build_array(pg_temp.client(3, 'g')), '[]', '{}');
insert into pymap.review_candidates (media_item_id, candidate_id, evidence, weight, comparisons) values
    (900000002, 900000001, 'external_ids', 6, '{"imdb": 6}'), (900000006, 900000001, 'title', 6, '{"title": 6}'), (900000006, 900000002, 'title', 6, '{"title": 6}');
do $$ begin perform pymap.mark_distinct(900000005, 900000002), pymap.mark_distinct(900000003, 900000006); end $$;

-- Series with everything below them, in which sometimes the one and sometimes the other has the older part.
insert into pymap.media_items (id, type, title, parent_id, parent_number, number, sync_clients, external_ids) values
    (900000011, 'series', null, null, null, null, jsonb_build_array(pg_temp.client(1, 's')), '[{"source": "tvdb", "id": "1"}]'),
    (900000012, 'series', 'S', null, null, null, jsonb_build_array(pg_temp.client(2, 's')), '[{"source": "tvdb", "id": "1"}]'),
    (900000021, 'season', null, 900000011, null, 1, jsonb_build_array(pg_temp.client(1, 's1')), '[]'),
    (900000022, 'season', 'One', 900000012, null, 1, jsonb_build_array(pg_temp.client(2, 's1')), '[]'),
    (900000023, 'season', 'Two', 900000012, null, 2, jsonb_build_array(pg_temp.client(2, 's2')), '[]'),
    (900000031, 'episode', null, 900000021, 1, 1, jsonb_build_array(pg_temp.client(1, 'e1')), '[]'),
    (900000032, 'episode', 'First', 900000022, 1, 1, jsonb_build_array(pg_temp.client(2, 'e1')), '[{"source": "tvdb", "id": "2"}]'),
    (900000033, 'episode', 'Third', 900000023, 2, 1, jsonb_build_array(pg_temp.client(2, 'e3')), '[]'),
    (900000034, 'episode', 'Special', 900000012, null, null, '[]', '[]'),
    (900000035, 'episode', 'Special!', 900000011, null, null, '[]', '[]'),
    (900000036, 'episode', 'Loose', null, null, null, '[]', '[]'),
    (900000037, 'episode', 'Tight', 900000022, 3, 4, '[]', '[]');

-- Merges

select is(pg_temp.left_of(format('select pymap.merge_media_items(%s)', m.items)), 'nothing', 'Undone: a merge ' || m.description)
from (values
    ('900000001, 900000002', 'that filled in title, year and external IDs, with a redirect'),
    ('900000002, 900000001', 'the other way round'),
    ('900000002, 900000004', 'of two that share external IDs with a third'),
    ('900000036, 900000037', 'that filled in parent and numbers'),
    ('900000037, 900000036', 'of one without parent and numbers'),
    ('900000021, 900000022', 'of seasons, and of an episode below'),
    ('900000011, 900000012', 'of series, with all that is below'),
    ('900000012, 900000011', 'of series, where the older parts are those of the duplicate'),
    ('900000004, 900000003', 'by the ID of a redirect')
) as m (items, description);
select is_empty($$select * from pymap.check_integrity() where severity = 'error'$$, 'Nothing is damaged');

do $$ begin perform pg_temp.remember(); end $$;
create temporary table done as
select n, pymap.merge_media_items(900000001, d.id) as event_id
from (values (1, 900000004), (2, 900000002), (3, 900000007)) as d (n, id) order by n;
select is(pymap.undo(p_event_id => event_id) > event_id, true, format('Several merges into one, the last first: %s', n)) from done order by n desc;
select is(pg_temp.differences(), null, 'Nothing is left of any');
select is(pymap.resolve_media_item(900000003), 900000002::bigint, 'The redirect leads where it led before');

-- What a sync shows to be one: three at once, of which the older duplicate fills in what it knows.
insert into pymap.media_items (id, type, title, release_year, sync_clients, external_ids) values
    (900000071, 'movie', null, null, '[{"clientId": 8, "clientType": "emby", "itemId": "q"}]', '[{"source": "tmdb", "id": "71"}]'),
    (900000072, 'movie', 'Q', null, '[]', '[{"source": "imdb", "id": "tt0000072"}, {"source": "trakt", "id": "70"}]'),
    (900000073, 'movie', 'R', 1973, '[]', '[{"source": "tvdb", "id": "73"}, {"source": "trakt", "id": "70"}]');
do $$ begin perform pg_temp.remember(); end $$;
do $$
begin
    perform pymap.sync_client_items(
        8, 'emby', '[{"itemId": "q", "type": "movie", "externalIds": {"tmdb": "71", "imdb": "72", "tvdb": "73"}}]'
    );
end
$$;
select is(
    (select format('%s %s %s', title, release_year, external_ids) from pymap.media_items where id = 900000071),
    'Q 1973 [{"id": "71", "source": "tmdb"}, {"id": "tt0000072", "source": "imdb"}, {"id": "70", "source": "trakt"}, '
    '{"id": "73", "source": "tvdb"}]',
    'A sync merges two into one'
);
delete from done;
insert into done
select row_number() over (order by e.id), e.id from pymap.mapping_events as e where e.kind = 'merged' and e.media_item_after = 900000071;
select matches(
    helpers.refusal(format('select pymap.undo(%s)', (select event_id from done where n = 1))),
    format('^PM005\|Event %s merged media item 900000073 into 900000071 later\.\|.+', (select event_id from done where n = 2)),
    'The first is not undone before the second'
);
select is(pymap.undo(event_id) > 0, true, format('Both can be undone, the last first: %s', n)) from done order by n desc;
select matches(
    pg_temp.differences(), '^\+ [^\n]*"client_item_id": "q"[^\n]*\n- [^\n]*"told_hash": null[^\n]*"client_item_id": "q"[^\n]*$',
    'Nothing is left of either, but what the client told'
);

-- What came later

create temporary table merge as select pymap.merge_media_items(900000001, 900000002) as event_id;
do $$
begin
    perform pymap.link_client_item(900000001, 9, 'emby', 'later');
    update pymap.media_items
    set external_ids = external_ids || '[{"source": "trakt", "id": "9"}]', title = 'Corrected' where id = 900000001;
    perform pymap.undo(event_id) from merge;
end
$$;
select is(
    (
        select format('%s; %s; %s; %s', sync_clients, external_ids, title, release_year)
        from pymap.media_items where id = 900000001
    ),
    '[{"own": "a", "itemId": "a", "clientId": 1, "clientType": "plex"}, {"itemId": "later", "clientId": 9, "clientType": "emby"}]; '
    '[{"id": "tt0000001", "source": "imdb"}, {"id": "9", "source": "trakt"}]; Corrected; ',
    'Mappings, external IDs and a title that came later stay with the one that was kept'
);
select is(pymap.get_media_item_by_client_id(2, 'b'), 900000002::bigint, 'The other one has its own again');
do $$
begin
    perform pymap.unlink_client_item(9, 'later');
    update pymap.media_items
    set external_ids = '[{"source": "imdb", "id": "tt0000001"}]', title = null where id = 900000001;
end
$$;

-- What stands in the way

select matches(
    pg_temp.refusal_after(format('select pymap.%s', b.event), b.statement), '^PM005\|' || b.detail || '\|Undo the later changes first.*[.]$',
    format('%s, then %s: not undone, nothing is written', b.event, b.statement)
)
from (values
    (
        'merge_media_items(900000001, 900000002)', 'select pymap.merge_media_items(900000004, 900000001)',
        'Event \d+ merged media item 900000001 into 900000004 later\.'
    ),
    (
        'merge_media_items(900000001, 900000002)', 'select pymap.merge_media_items(900000001, 900000004)',
        'Event \d+ merged media item 900000004 into 900000001 later\.'
    ),
    (
        'merge_media_items(900000001, 900000002)',
        'select pymap.split_media_item(900000001, ''[{"clientId": 1, "itemId": "a"}]'', ''{"tmdb": "5"}'')',
        'Event \d+ split external IDs off media item 900000001 later\.'
    ),
    ('merge_media_items(900000001, 900000002)', 'delete from pymap.media_items where id = 900000001', 'Media item 900000001 does not exist any more\.'),
    ('merge_media_items(900000001, 900000002)', 'delete from pymap.media_items where id = 900000002', 'Media item 900000002 does not exist any more\.'),
    (
        'merge_media_items(900000001, 900000002)',
        'select pymap.unlink_client_item(2, ''b''), pymap.link_client_item(900000005, 2, ''plex'', ''b'')',
        'Item ID ''b'' of client 2 is not mapped to media item 900000001 any more: event \d+\.'
    ),
    (
        'merge_media_items(900000001, 900000002)', 'select pymap.unlink_client_item(2, ''b'')',
        'Item ID ''b'' of client 2 is not mapped to media item 900000001 any more: event <the last>\.'
    ),
    (
        'merge_media_items(900000001, 900000002)', 'update pymap.media_items set merged_into = 900000005 where id = 900000002',
        'Media item 900000002 is not merged into 900000001 any more\.'
    ),
    (
        'merge_media_items(900000001, 900000002)', 'update pymap.media_items set merged_into = 900000005 where id = 900000003',
        'Media item 900000003 is not merged into media item 900000001 any more\.'
    ),
    (
        'merge_media_items(900000011, 900000012)', 'update pymap.media_items set parent_id = null where id = 900000023',
        'Media item 900000023 is not part of media item 900000011 any more\.'
    ),
    (
        'merge_media_items(900000011, 900000012)', 'select pymap.remove_client(2)',
        'Item ID ''e1'' of client 2 is not mapped to media item 900000031 any more: event \d+\.'
    ),
    ('merge_media_items(900000001, 900000002)', 'select pymap.undo(EVENT)', 'Event <the last> has undone it already\.'),
    ('undo(pymap.merge_media_items(900000001, 900000002))', 'select 1', 'This event is an undo\. Repeat the original change instead\.')
) as b (event, statement, detail);

-- A part of a merge by itself

do $$
begin
    perform pg_temp.remember();
    perform pymap.merge_media_items(900000011, 900000012);
    perform pymap.undo((select max(id) from pymap.mapping_events where kind = 'merged' and media_item_before = 900000032));
end
$$;
select is(
    (select format('%s %s', merged_into, parent_id) from pymap.media_items where id = 900000032), ' 900000021',
    'The merge of a part can be undone by itself: it is part of what its parent was merged into'
);
do $$ begin perform pymap.undo((select max(id) from pymap.mapping_events where kind = 'merged' and media_item_before = 900000012)); end $$;
select is(pg_temp.differences(), null, 'And then that of the whole, of which nothing is left');

-- Distinct

select is(pg_temp.left_of('select pymap.mark_distinct(900000004, 900000005)'), 'nothing', 'Undone: mark_distinct');
select is(pymap.merge_media_items(900000004, 900000005) > 0, true, 'Then the two can be merged');
do $$ begin perform pymap.undo((select max(id) from pymap.mapping_events where kind = 'merged')); end $$;
select matches(
    pg_temp.refusal_after('select pymap.mark_distinct(900000004, 900000005)', 'delete from pymap.media_items where id = 900000005'),
    '^PM005\|Media item 900000004 or 900000005 does not exist any more\.\|.+', 'Not undone where one of them is gone'
);

-- Splits

select is(
    pg_temp.left_of($$
        select pymap.split_media_item(900000002, '[{"clientId": 1, "itemId": "b"}]', '[{"source": "tmdb", "id": "5"}]')
    $$),
    'nothing', 'Undone: a split'
);
create function pg_temp.refusal_after_split(p_statement text) returns text language sql as $$
    select pg_temp.refusal_after(
        $s$select pymap.split_media_item(900000002, '[{"clientId": 1, "itemId": "b"}]', '[{"source": "tmdb", "id": "5"}]')$s$,
        replace(p_statement, 'NEW', '(select max(media_item_after) from pymap.mapping_events where kind = ''split'')')
    )
$$;
select matches(pg_temp.refusal_after_split(b.statement), '^PM005\|' || b.detail || '\|.+[.]$', format('A split, then %s: not undone', b.statement))
from (values
    ('select pymap.link_client_item(NEW, 3, ''plex'', ''new'')', 'Media item \d+ has other mappings than it was made with: .*new.*\.'),
    ('update pymap.media_items set sync_clients = ''[]'' where id = NEW', 'Media item \d+ has other mappings than it was made with: \[\]\.'),
    ('insert into pymap.media_items (id, type, parent_id) select 900000081, ''movie'', NEW', 'Media item 900000081 is part of media item \d+\.'),
    ('select pymap.merge_media_items(NEW, 900000004)', 'Media item \d+ has other mappings than .*'),
    ('insert into pymap.media_items (id, type, merged_into) select 900000081, ''movie'', NEW', 'Media item 900000081 was merged into media item \d+\.'),
    ('select pymap.merge_media_items(900000004, NEW)', 'Media item \d+ was merged into 900000004 later\.'),
    ('select pymap.merge_media_items(900000004, 900000002)', 'Media item 900000002 was merged into 900000004 later\.'),
    ('delete from pymap.media_items where id = NEW', 'Media item \d+ does not exist any more\.'),
    ('delete from pymap.media_items where id = 900000002', 'Media item 900000002 does not exist any more\.'),
    ('select pymap.mark_distinct(NEW, 900000004)', 'Media items \d+ and \d+ are marked as distinct\.'),
    ('update pymap.media_items set data = ''{"own": 1}'' where id = NEW', 'Media item \d+ has data of the application in column data\.'),
    ('select pymap.undo(EVENT)', 'Event <the last> has undone it already\.')
) as b (statement, detail);

do $$
begin
    perform pg_temp.remember();
    perform pymap.split_media_item(900000002, '[{"clientId": 1, "itemId": "b"}]', '[{"source": "tmdb", "id": "5"}]');
    perform pymap.link_client_item(900000002, 9, 'emby', 'later');
    update pymap.media_items set external_ids = external_ids || '[{"source": "trakt", "id": "9"}]' where id = 900000002;
    update pymap.media_items
    set title = 'X2', release_year = 1999, parent_id = 900000004, external_ids = '[{"source": "imdb", "id": "9"}]'
    where id = (select max(media_item_after) from pymap.mapping_events where kind = 'split');
    perform pymap.undo((select max(id) from pymap.mapping_events where kind = 'split'));
end
$$;
select is(
    (
        select format('%s; %s', jsonb_path_query_array(sync_clients, '$.itemId'), jsonb_path_query_array(external_ids, '$.id'))
        from pymap.media_items where id = 900000002
    ),
    '["b", "later", "b"]; ["tt0000001", "7", "9", "5"]', 'What came to the media item later stays with it, before what it gets back'
);
do $$
begin
    perform pymap.unlink_client_item(9, 'later');
    update pymap.media_items
    set external_ids = '[{"source": "imdb", "id": "1"}, {"source": "tmdb", "id": "5"}, {"source": "tvdb", "id": "7"}]',
        sync_clients = jsonb_build_array(sync_clients -> 1, sync_clients -> 0)
    where id = 900000002;
end
$$;
select is(pg_temp.differences(), null, 'And the media item that the split made is gone, whatever a sync told of it');

-- Single mappings

select is(pg_temp.left_of(s.statement, s.kind), 'nothing', format('Undone: event ''%s'' of %s', s.kind, s.statement))
from (values
    ('select pymap.link_client_item(900000001, 1, ''plex'', ''new'')', 'mapped'),
    (
        'update pymap.media_items set sync_clients = sync_clients || pg_temp.client(1, ''new'') where id = 900000001',
        'mapped'
    ),
    ('select pymap.unlink_client_item(1, ''a'')', 'unmapped'),
    ('select pymap.unlink_client_item(1, ''b'')', 'unmapped'),
    ('update pymap.media_items set sync_clients = ''[]'' where id = 900000001', 'unmapped'),
    (
        'update pymap.media_items set sync_clients = case id when 900000006 then (select sync_clients from pymap.media_items '
        'where id = 900000005) else ''[]'' end || sync_clients - case id when 900000005 then 0 else 9 end '
        'where id in (900000005, 900000006)', 'moved'
    )
) as s (statement, kind);
create temporary table unmapped as
select pymap.remove_client(3) as mappings, (select max(id) from pymap.mapping_events) as last_before;
select is(
    (select count(pymap.undo(e.id)) from pymap.mapping_events as e, unmapped as u where e.id > u.last_before), 4::bigint,
    'Even a client that was removed can be had back, mapping by mapping'
);
select is(pg_temp.differences(), null, 'Nothing is left of it');

select matches(pg_temp.refusal_after(b.statement, b.later, b.kind), '^PM005\|' || b.detail || '\|.+[.]$', format('%s, then %s: ''%s'' is not undone', b.statement, b.later, b.kind))
from (values
    ('select pymap.link_client_item(900000001, 1, ''plex'', ''n'')', 'select pymap.unlink_client_item(1, ''n'')', 'mapped', 'Item ID ''n'' of client 1 is not mapped now\.'),
    (
        'select pymap.link_client_item(900000001, 1, ''plex'', ''n'')', 'select pymap.merge_media_items(900000002, 900000001)', 'mapped',
        'Item ID ''n'' of client 1 is mapped to media item 900000002 now\.'
    ),
    (
        'select pymap.link_client_item(900000001, 1, ''plex'', ''n'')', 'update pymap.media_items set type = ''video'' where id = 900000001', 'mapped',
        'Item ID ''n'' of client 1 is not mapped now\.'
    ),
    (
        'select pymap.unlink_client_item(1, ''a'')', 'select pymap.link_client_item(900000004, 1, ''plex'', ''a'')', 'unmapped',
        'Item ID ''a'' of client 1 is mapped to media item 900000004 now\.'
    ),
    ('select pymap.unlink_client_item(1, ''a'')', 'delete from pymap.media_items where id = 900000001', 'unmapped', 'Media item 900000001 does not exist any more\.'),
    ('delete from pymap.media_items where id = 900000001', 'select', 'unmapped', 'Media item 900000001 does not exist any more\.'),
    (
        'select pymap.unlink_client_item(1, ''a'')', 'select pymap.merge_media_items(900000004, 900000001)', 'unmapped',
        'Media item 900000001 is merged into 900000004\.'
    ),
    ('select pymap.unlink_client_item(1, ''a'')', 'select pymap.undo(EVENT)', 'unmapped', 'Event <the last> has undone it already\.'),
    ('update pymap.media_items set type = ''video'' where id = 900000001', 'select', 'unmapped', 'Media item 900000001 is of type video now\.'),
    ('select pymap.merge_media_items(900000001, 900000002)', 'select', 'moved', 'Media item 900000002 is merged into 900000001\.')
) as b (statement, later, kind, detail);

-- The event of an undo

do $$
begin
    perform pymap.link_client_item(900000001, 1, 'plex', 'n');
    perform pymap.undo((select max(id) from pymap.mapping_events));
    perform pymap.undo(pymap.merge_media_items(900000004, 900000007));
end
$$;
select results_eq(
    $$
        select e.kind::text collate "default", e.media_type::text collate "default", e.media_item_before, e.media_item_after,
               e.evidence::text collate "default", u.kind::text collate "default"
        from pymap.mapping_events as e left join pymap.mapping_events as u on u.id = e.undoes
        order by e.id desc limit 6
    $$,
    $$
        values ('undone', 'movie', 900000004::bigint, 900000007::bigint, 'undo', 'merged'),
               ('moved', 'movie', 900000004, 900000007, 'undo', null), ('moved', 'movie', 900000007, 900000004, 'merge', null), ('merged', 'movie', 900000007, 900000004, 'manual', null),
               ('undone', 'movie', 900000001, null, 'undo', 'mapped'), ('unmapped', 'movie', 900000001, null, null, null)
    $$,
    'An undo is an event of its own, from after to before; so are the mappings that change'
);

-- What clients told comes back

do $$
begin
    perform pymap.sync_client_items(20, 'plex', '[
        {"itemId": "s", "type": "series", "title": "Saga", "year": 2001, "externalIds": {"tvdb": "2001"}},
        {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "Two", "path": "/tv/Saga/Season 1/2.mkv"},
        {"itemId": "m", "type": "movie", "title": "Told", "year": 1999, "externalIds": {"imdb": "tt0009101"}}
    ]');
    perform pymap.sync_client_items(21, 'emby', '[
        {"itemId": "t", "type": "series", "title": "Another Saga", "year": 2001, "externalIds": {"imdb": "tt0002001"}},
        {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Zwei"},
        {"itemId": "m", "type": "movie", "title": "Erzählt", "year": 1999, "externalIds": {"imdb": "tt0009101", "tmdb": 9102}}
    ]');
end
$$;
create function pg_temp.item(p_client_id bigint, p_client_item_id text) returns bigint language sql as $$
    select pymap.get_media_item_by_client_id(p_client_id, p_client_item_id)
$$;
select is(pg_temp.item(20, 'm'), pg_temp.item(21, 'm'), 'A film on two clients');
select is(pg_temp.left_of(s.statement, s.kind), 'nothing', format('Undone, with what was told: event ''%s'' of %s', coalesce(s.kind, 'that it returns'), s.statement))
from (values
    ('select pymap.unlink_client_item(20, ''e'')', 'unmapped'), ('select pymap.unlink_client_item(21, ''m'')', 'unmapped'),
    ('update pymap.media_items set sync_clients = ''[]'' where id = pg_temp.item(20, ''s'')', 'unmapped'),
    ('select pymap.sync_client_items(20, ''plex'', ''[]'', ''{episode}'')', 'unmapped'),
    ('select pymap.merge_media_items(pg_temp.item(20, ''s''), pg_temp.item(21, ''t''))', null), ('select pymap.merge_media_items(pg_temp.item(21, ''t''), pg_temp.item(20, ''s''))', null),
    ('select pymap.split_media_item(pg_temp.item(21, ''m''), ''[{"clientId": 21, "itemId": "m"}]'')', null)
) as s (statement, kind);
select is(
    (select concat_ws(' ', evidence, weight, comparisons) from pymap.get_mapping_evidence(21, 'movie')), 'external_ids 12 {"imdb": 12, "year": 3, "title": -3}', 'Why the mapping is there'
);
do $$
begin
    perform pymap.unlink_client_item(21, 'm');
    perform pymap.undo((select max(id) from pymap.mapping_events where kind = 'unmapped'));
end
$$;
select results_eq(
    $$select evidence collate "default", weight, comparisons from pymap.get_mapping_evidence(21, 'movie')$$, $$values ('undo', null::integer, null::jsonb)$$, 'After an undo it is there because of that'
);
select results_eq(
    $$select action from pymap.sync_client_items(21, 'emby', '[{"itemId": "m", "type": "movie", "title": "Erzählt", "year": 1999, "externalIds": {"imdb": "tt0009101", "tmdb": 9102}}]')$$,
    $$values ('kept')$$, 'A sync that tells the same keeps it'
);
select is(pymap.remove_client(20), 3::bigint, 'A client that is removed');
select is(
    (select count(pymap.undo(e.id)) from pymap.mapping_events as e where e.kind = 'unmapped' and e.client_id = 20 and e.id > (select max(id) - 3 from pymap.mapping_events)), 3::bigint,
    'Comes back mapping by mapping'
);
select results_eq(
    $$select client_item_id collate "default", title, release_year, parent_item_id collate "default", parent_number, number, path_key collate "default", external_ids from pymap.client_items where client_id = 20 order by 1$$,
    $$
        values ('e', 'Two', null::integer, 's', 1, 2, '2/season 1/saga', '{}'::jsonb), ('m', 'Told', 1999, null, null, null, null, '{"imdb": ["tt0009101"]}'),
               ('s', 'Saga', 2001, null, null, null, null, '{"tvdb": ["2001"]}')
    $$,
    'With all that it told'
);

-- Other tenants, bad arguments

insert into pymap.media_items (tenant_id, id, type, sync_clients)
values (1, 900000091, 'movie', jsonb_build_array(pg_temp.client(1, 'a')));
create temporary table other as select max(id) as event_id from pymap.mapping_events where tenant_id = 1;
select matches(helpers.refusal(format('select pymap.undo(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from other, lateral (values
    ('999999999', '^22023\|p_event_id is ''999999999''\.\|.*history.*changes_since.*', 'an event that does not exist'),
    ('null', '^22023\|p_event_id is NULL\.\|.+', 'NULL'),
    (event_id::text, '^22023\|p_event_id is ''\d+''\.\|.+', 'an event of another tenant'),
    (event_id || ', null', '^22023\|p_tenant_id is NULL\.\|.+', 'a tenant that is NULL')
) as b (arguments, refusal, problem);
select is(pymap.undo(p_tenant_id => 1, p_event_id => event_id) > event_id, true, 'In its own tenant it can be undone; arguments by name') from other;
select results_eq(
    $$select t, pymap.get_media_item_by_client_id(1, 'a', t) from generate_series(0, 1) as t$$, $$values (0, 900000001::bigint), (1, null)$$,
    'Which leaves the same mapping of the other tenant alone'
);
-- What was changed after a merge

insert into pymap.media_items (id, type, parent_id, sync_clients) values
    (900000191, 'series', null, '[]'), (900000192, 'series', null, '[]'), (900000193, 'episode', null, '[]'),
    (900000194, 'episode', 900000191, jsonb_build_array(pg_temp.client(5, 'z')));
do $$
begin
    perform pymap.merge_media_items(900000193, 900000194);
    update pymap.media_items
    set parent_id = 900000192, sync_clients = jsonb_set(sync_clients, '{0,own}', '"changed"')
    where id = 900000193;
    perform pymap.undo((select max(e.id) from pymap.mapping_events as e where e.kind = 'merged'));
end
$$;
select is((select parent_id from pymap.media_items where id = 900000193), 900000192::bigint, 'The parent that a media item got later stays');
select is(
    (select sync_clients from pymap.media_items where id = 900000194), '[{"own": "changed", "itemId": "z", "clientId": 5, "clientType": "plex"}]',
    'And so do the keys of the application in a mapping that goes back'
);

select is_empty($$select * from pymap.check_integrity() where severity = 'error'$$, 'After all this nothing is damaged');

select * from finish();

rollback;
