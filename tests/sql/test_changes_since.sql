begin;

select plan(32);

create function pg_temp.here() returns bigint language sql as 'select system_identifier from pg_control_system()';

-- Events of transactions that ended: their order is that of the transactions, not of their IDs.
insert into pymap.mapping_events (
    tenant_id, id, epoch, system_identifier, position, kind, client_id, client_item_id, media_type, media_item_before, media_item_after,
    evidence, weight, comparisons, actor, happened_at, undoes
)
overriding system value
values
    (0, 900000001, 0, pg_temp.here(), '10', 'mapped', 1, 'a', 'movie', null, 1, 'title', 10, '{"year": 3, "title": 7}', 'me', '2020-01-01 00:00+00', null),
    (0, 900000002, 0, pg_temp.here(), '30', 'moved', 1, 'a', 'movie', 1, 2, 'merge', null, null, 'me', '2020-01-02 00:00+00', null),
    (0, 900000003, 0, pg_temp.here(), '20', 'merged', null, null, 'movie', 2, 3, 'manual', null, null, 'you', '2020-01-03 00:00+00', null),
    (0, 900000005, 0, pg_temp.here(), '20', 'unmapped', 1, 'a', 'movie', 1, null, null, null, null, 'you', '2020-01-03 00:00+00', null),
    (0, 900000004, 0, pg_temp.here(), '20', 'undone', null, null, 'movie', 3, 2, 'undo', null, null, 'you', '2020-01-03 00:00+00', 900000003),
    (1, 900000006, 0, pg_temp.here(), '15', 'mapped', 1, 'a', 'movie', null, 4, null, null, null, 'me', '2020-01-01 00:00+00', null);

create function pg_temp.ids(p_event_id bigint, p_limit integer default 1000, p_tenant_id bigint default 0) returns text language sql as $$
    select coalesce(string_agg((c.event_id - 900000000)::text, ' ' order by c.n), '')
    from pymap.changes_since(p_event_id, p_limit, p_tenant_id) with ordinality as c (
        event_id, happened_at, actor, kind, client_id, client_item_id, media_type, before, after, evidence, weight, comparisons, undoes, n
    )
$$;

-- Order and cursor

set local time zone 'UTC';
select results_eq(
    'select c::text from pymap.changes_since(0) as c',
    $$
        values ('(900000001,"2020-01-01 00:00:00+00",me,mapped,1,a,movie,,1,title,10,"{""year"": 3, ""title"": 7}",)'),
               ('(900000003,"2020-01-03 00:00:00+00",you,merged,,,movie,2,3,manual,,,)'),
               ('(900000004,"2020-01-03 00:00:00+00",you,undone,,,movie,3,2,undo,,,900000003)'),
               ('(900000005,"2020-01-03 00:00:00+00",you,unmapped,1,a,movie,1,,,,,)'),
               ('(900000002,"2020-01-02 00:00:00+00",me,moved,1,a,movie,1,2,merge,,,)')
    $$,
    'From the beginning: one transaction after the other, each in the order of its events'
);
select is(pg_temp.ids(900000000 + c.since, c.most), c.ids, format('%s after event %s', c.most, c.since))
from (values
    (1, 1000, '3 4 5 2'), (3, 1000, '4 5 2'), (4, 1000, '5 2'), (5, 1000, '2'), (2, 1000, ''), (1, 1, '3'), (3, 2, '4 5'), (5, 2, '2'), (4, 3, '5 2')
) as c (since, most, ids);
select is(pg_temp.ids(0, 2), '1 3', 'The first two');
create function pg_temp.followed(p_limit integer) returns text language plpgsql as $$
declare
    v_last bigint := 0;
    v_event record;
    v_ids text[] := '{}';
begin
    for v_turn in 1..10 loop
        for v_event in select * from pymap.changes_since(v_last, p_limit) loop
            v_ids := v_ids || (v_event.event_id - 900000000)::text;
            v_last := v_event.event_id;
        end loop;
    end loop;
    return array_to_string(v_ids, ' ');
end
$$;
select is(pg_temp.followed(n), '1 3 4 5 2', format('A follower that takes %s at a time reads each once', n)) from generate_series(1, 3) as n;
select is(
    (select string_agg(event_id::text, ' ') from pymap.changes_since(p_tenant_id => 1, p_limit => 5, p_event_id => 0)), '900000006',
    'Another tenant''s; arguments by name'
);

-- Bad arguments

select matches(helpers.refusal(format('select * from pymap.changes_since(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('900000009', '^22023\|p_event_id is ''900000009''\.\|.*0 to begin.*', 'an event that does not exist'),
    ('null', '^22023\|p_event_id is NULL\.\|.+', 'NULL'), ('-1', '^22023\|p_event_id is ''-1''\.\|.+', 'less than 0'),
    ('900000006', '^22023\|p_event_id is ''900000006''\.\|.+', 'an event of another tenant'),
    ('0, 0', '^22023\|p_limit is ''0''\.\|.+', 'no events'), ('0, -1', '^22023\|p_limit is ''-1''\.\|.+', 'less than that'),
    ('0, null', '^22023\|p_limit is NULL\.\|.+', 'as many as you like')
) as b (arguments, refusal, problem);

-- Transactions that run

do $$
begin
    perform pymap.get_or_create_mapping(1, 'plex', 'b', 'movie', null, p_tenant_id => t) from unnest(array[0, 1]) as t;
    perform pymap.mark_distinct(pymap.get_or_create_mapping(1, 'plex', 'c', 'movie', null), pymap.get_media_item_by_client_id(1, 'b'));
end
$$;
select is((select count(*) from pymap.mapping_events where position >= pg_current_xact_id()), 4::bigint, 'A transaction wrote events');
select is(pg_temp.ids(900000002), '', 'They are not there before it has ended, not even for itself');
create function pg_temp.future(p_ahead integer) returns xid8 language sql as $$
    select (pg_current_xact_id()::text::bigint + p_ahead)::text::xid8
$$;
insert into pymap.mapping_events (id, epoch, system_identifier, position, kind, media_type)
overriding system value
values (900000011, 0, pg_temp.here(), pg_temp.future(1000), 'distinct', 'movie');
select is(pg_temp.ids(900000002), '', 'Nor is what comes after them in the order of the feed');
select is(pg_temp.ids(0), '1 3 4 5 2', 'What comes before them is');

-- Events that came from another database cluster

insert into pymap.mapping_events (tenant_id, id, epoch, system_identifier, position, kind, media_type)
overriding system value
values
    (2, 900000021, 3, pg_temp.here() - 1, pg_temp.future(1000), 'distinct', 'movie'),
    (2, 900000022, 3, pg_temp.here() - 1, '40', 'distinct', 'movie');
select is(pg_temp.ids(0, 1000, 2), '22 21', 'Their transactions ended long ago, whatever number they had');
do $$
begin
    perform pymap.get_or_create_mapping(1, 'plex', item, 'movie', null, p_tenant_id => 2) from unnest(array['d', 'e']) as item;
end
$$;
select results_eq(
    'select epoch, system_identifier = pg_temp.here() from pymap.mapping_events where tenant_id = 2 order by id',
    'values (4, true), (4, true), (3, false), (3, false)', 'New events begin an epoch, once'
);
select is(pg_temp.ids(0, 1000, 2), '22 21', 'They are not there before their transaction has ended');
insert into pymap.mapping_events (tenant_id, id, epoch, system_identifier, position, kind, media_type)
overriding system value
values (2, 900000023, 4, pg_temp.here(), '30', 'distinct', 'movie');
select is(pg_temp.ids(0, 1000, 2), '22 21 23', 'The new epoch comes after the old one, whose numbers mean nothing here');
select is(pg_temp.ids(900000021, 1000, 2), '23', 'Also for who has read the old one');

-- Events that were deleted

delete from pymap.mapping_events where id = 900000001;
select matches(
    helpers.refusal('select * from pymap.changes_since(900000001)'), '^22023\|.*\|.*If old events were deleted, read everything anew\.',
    'Who was left behind is told so'
);

select * from finish();

rollback;
