begin;

-- The session may have the temporary tables of an earlier sync.
discard temp;

select plan(48);

-- Begins a sync of client 1, and fills its listing as COPY would.
create function pg_temp.begun(p_items jsonb) returns void language plpgsql as $$
begin
    perform pymap.begin_client_sync(1, 'plex');
    insert into pg_temp.pymap_listing (item) select i.item from jsonb_array_elements(p_items) with ordinality as i (item, n) order by i.n;
end
$$;

create function pg_temp.stored() returns table (name text, place text, stored text) language sql as $$
    select 'media_items', i.ctid::text, i::text from pymap.media_items as i
    union all select 'mappings', m.ctid::text, m::text from pymap.client_items as m
    union all select 'external_ids', x.ctid::text, x::text from pymap.external_ids as x
    union all select 'clients', c.ctid::text, c::text from pymap.clients as c
    order by 1, 2;
$$;

-- Nothing begun

select matches(
    helpers.refusal($$select * from pymap.apply_client_sync(1, 'plex')$$), '^55000\|.*begin_client_sync.*', 'Without begin_client_sync in this transaction: 55000 says what to call'
);
select matches(
    helpers.refusal(format('select * from pymap.apply_client_sync(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+', 'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''plex''', 'p_client_id is ''0''', 'client ID 0'), ('null, ''plex''', 'p_client_id is NULL', 'client ID NULL'),
    ('1, null', 'p_client_type is NULL', 'client type NULL'), ('1, ''Plex''', 'p_client_type is ''Plex''', 'a client type in upper case'),
    ('1, ''plex'', array[''film'']', 'p_media_types is ''film''', 'a media type that is not known'),
    ('1, ''plex'', null, 2', 'p_max_removed_fraction is ''2''', 'a share above 1'), ('1, ''plex'', null, null', 'p_max_removed_fraction is NULL', 'share NULL'),
    ('1, ''plex'', null, 0.2, null', 'p_allow_removals is NULL', 'p_allow_removals NULL'), ('1, ''plex'', null, 0.2, false, null', 'p_dry_run is NULL', 'p_dry_run NULL'),
    ('1, ''plex'', p_tenant_id => null', 'p_tenant_id is NULL', 'tenant NULL')
) as b (arguments, detail, problem);

-- A table of the caller's own making

savepoint own_table;
set local role pymap_writer;
create temporary table pymap_listing (position bigint generated always as identity, item jsonb);
reset role;
select is(helpers.as_writer(s.statement), '42P07', 'A listing of the caller''s own making is refused: ' || s.statement)
from (values
    ('select pymap.begin_client_sync(1, ''plex'')'), ('select pymap.apply_client_sync(1, ''plex'')'), ('select pymap.sync_client_items(1, ''plex'', ''[]'')'),
    ('select pymap.get_or_create_mappings(1, ''plex'', ''[]'')')
) as s (statement);
rollback to savepoint own_table;
set local role pymap_writer;
create temporary view pymap_entries as select 1 as n;
reset role;
select is(helpers.as_writer('select pymap.begin_client_sync(1, ''plex'')'), '42P07', 'So is a view with the name of one of the tables');
rollback to savepoint own_table;
create temporary table pymap_losses (n bigint) on commit drop;
alter table pg_temp.pymap_losses owner to pymap_writer;
select matches(
    helpers.refusal('select pymap.begin_client_sync(1, ''plex'')'), '^42P07\|.*pymap_.*', 'The HINT says what to drop'
);
rollback to savepoint own_table;

-- A listing

do $$
begin
    perform pg_temp.begun('[{"itemId": "kept", "type": "movie"}, {"itemId": "gone", "type": "movie"}]');
    perform pymap.apply_client_sync(1, 'plex');
    perform pg_temp.begun('[
        {"itemId": "kept", "type": "movie"}, {"error": "no itemId"}, {"itemId": "new", "type": "movie", "title": "New", "externalIds": {"tmdb": "1"}}, {"itemId": "s", "type": "series"}
    ]');
end
$$;
create temporary table stored_before as select * from pg_temp.stored();
create temporary table dry_answer as
select * from pymap.apply_client_sync(1, 'plex', p_dry_run => true) with ordinality as a (client_item_id, media_type, media_item_id, action, position);
select results_eq('select * from pg_temp.stored()', 'table stored_before', 'A dry run writes nothing');
select is_empty('select * from pg_temp.pymap_listing', 'It empties the listing too');
do $$
begin
    perform pg_temp.begun('[
        {"itemId": "kept", "type": "movie"}, {"error": "no itemId"}, {"itemId": "new", "type": "movie", "title": "New", "externalIds": {"tmdb": "1"}}, {"itemId": "s", "type": "series"}
    ]');
end
$$;
create temporary table answer as
select * from pymap.apply_client_sync(p_client_type => 'plex', p_client_id => 1) with ordinality as a (client_item_id, media_type, media_item_id, action, position);
select results_eq(
    'select client_item_id, media_type, action from answer order by position',
    $$values ('kept', 'movie', 'kept'), (null, null, 'unusable'), ('new', 'movie', 'created'), ('s', 'series', 'created'), ('gone', 'movie', 'removed')$$,
    'The rows of sync_client_items; arguments by name'
);
select results_eq(
    'select client_item_id, media_type, media_item_id, action from dry_answer order by position',
    'select client_item_id, media_type, case action when ''created'' then null else media_item_id end, action from answer order by position', 'The dry run gave the same ones'
);
select is_empty('select * from pg_temp.pymap_listing', 'The listing is empty afterwards');
select results_eq(
    'select client_item_id, media_type, media_item_id from pymap.sync_clients_list(1) order by 1', 'select client_item_id, media_type, media_item_id from answer where action in (''kept'', ''created'') order by 1',
    'The mappings agree with it'
);
drop table stored_before;
create temporary table stored_before as select * from pg_temp.stored();
select results_eq(
    $$select action from pg_temp.begun('[{"itemId": "kept", "type": "movie"}, {"itemId": "new", "type": "movie", "title": "New", "externalIds": {"tmdb": "1"}}]'), pymap.apply_client_sync(1, 'plex')$$,
    $$values ('kept'), ('kept')$$, 'The second time everything is kept'
);
select results_eq('select * from pg_temp.stored()', 'table stored_before', 'And nothing is written');
select matches(
    helpers.refusal($$select * from pymap.apply_client_sync(1, 'plex')$$), '^55000\|.*begin_client_sync.*', 'A listing is applied once: then 55000 again'
);
select is_empty($$select a.* from pg_temp.begun('[]'), pymap.apply_client_sync(1, 'plex') as a$$, 'An empty listing that names no media type: no rows');
select matches(
    helpers.refusal($$select * from pymap.apply_client_sync(1, 'plex', array['series'])$$), '^55000\|.+', 'Nor does one without begin_client_sync remove anything'
);
select results_eq(
    $$select client_item_id, action from pg_temp.begun('[]'), pymap.apply_client_sync(1, 'plex', array['series'])$$, $$values ('s', 'removed')$$,
    'One that names a media type removes its mappings'
);
select is(helpers.as_writer('select pymap.begin_client_sync(2, ''emby'')'), 'copy pg_temp.pymap_listing (item) from stdin', 'pymap_writer begins one');
select is(helpers.as_writer('insert into pg_temp.pymap_listing (item) values (''{"itemId": "a", "type": "movie", "externalIds": {"tmdb": "1"}}'')'), '1 rows', 'Fills it');
select is(helpers.as_writer('select action from pymap.apply_client_sync(2, ''emby'')'), 'matched', 'And applies it');

-- Bad listings

drop table stored_before;
create temporary table stored_before as select * from pg_temp.stored();
select matches(
    helpers.refusal(format('select pg_temp.begun(jsonb_build_array(''{"itemId": "good", "type": "movie"}''::jsonb, %L::jsonb)), pymap.apply_client_sync(1, ''plex'')', b.item)),
    '^22023\|pymap_listing\[1\]' || replace(b.key, '.', '\.') || ' is .*\|.+', 'A bad item refuses the listing, with its position, key and value: ' || b.problem
)
from (values
    ('null', '', 'null'), ('{"type": "movie"}', '.itemId', 'no itemId'), ('{"itemId": "a", "type": "film"}', '.type', 'a type that is not known'), ('{"itemId": "a", "type": "movie", "year": "soon"}', '.year', 'a word as year')
) as b (item, key, problem);
do $$
begin
    perform pymap.begin_client_sync(1, 'plex');
    insert into pg_temp.pymap_listing (item) values ('{"itemId": "a", "type": "movie"}'), ('{"itemId": "b", "type": "movie"}'), (null);
end
$$;
select matches(helpers.refusal($$select * from pymap.apply_client_sync(1, 'plex')$$), '^22023\|pymap_listing\[2\] is NULL.*\|.+', 'Also an item NULL');
select is((select count(*) from pg_temp.pymap_listing), 3::bigint, 'A refused listing still waits');
select matches(helpers.refusal($$select * from pymap.apply_client_sync(1, 'emby')$$), '^PM003\|.*plex.*\|.+', 'A client of another type: PM003 names the type that it has');
delete from pg_temp.pymap_listing where item is null;
select matches(
    helpers.refusal(format('select pg_temp.begun(%L), pymap.apply_client_sync(1, ''plex'', p_max_removed_fraction => 0)', '[]')), '^55000\|.+', 'Another one cannot begin over it'
);
truncate pg_temp.pymap_listing;
select results_eq('select * from pg_temp.stored()', 'table stored_before', 'Nothing of all that is written');
select is(
    (
        select string_agg(a.action, ', ')
        from pg_temp.begun((select jsonb_agg(jsonb_build_object('itemId', n, 'type', 'photo')) from generate_series(1, 60) as n)) as b, pymap.apply_client_sync(1, 'plex') as a
        where a.action <> 'created'
    ),
    null, 'Sixty photos'
);
do $$ begin perform pymap.begin_client_sync(1, 'plex'); end $$;
select matches(helpers.refusal($$select * from pymap.apply_client_sync(1, 'plex', array['photo'])$$), '^PM004\|.*photo: 60 of 60 .*\|.*p_allow_removals.*', 'PM004 for a listing that would remove them');
select is((select count(*) from pymap.apply_client_sync(1, 'plex', array['photo'], 0, true) where action = 'removed'), 60::bigint, 'With p_allow_removals they go');

-- Phases are told as NOTICE, which no query can see

create function pg_temp.with_progress(p_setting text) returns text language plpgsql as $$
declare
    v_action text;
begin
    perform set_config('client_min_messages', 'warning', true);
    perform set_config('pymap.progress', p_setting, true);
    perform pg_temp.begun('[{"itemId": "kept", "type": "movie"}]');
    select a.action into v_action from pymap.apply_client_sync(1, 'plex') as a;
    return v_action;
end
$$;
select is(pg_temp.with_progress(p.setting), 'kept', format('pymap.progress = ''%s'' changes no answer', p.setting))
from (values ('on'), ('off'), (''), ('loud')) as p (setting);

select * from finish();

rollback;
