begin;

select plan(70);

-- All that is stored, and where.
create function pg_temp.stored() returns table (name text, place text, version text, stored text) language sql as $$
    select 'media_items', i.ctid::text, i.xmin::text, i::text from pymap.media_items as i
    union all select 'mappings', m.ctid::text, m.xmin::text, m::text from pymap.client_items as m
    union all select 'external_ids', x.ctid::text, x.xmin::text, x::text from pymap.external_ids as x
    union all select 'clients', c.ctid::text, c.xmin::text, c::text from pymap.clients as c
    union all select 'review_candidates', r.ctid::text, r.xmin::text, r::text from pymap.review_candidates as r
    order by 1, 2;
$$;

-- One listing of everything

insert into pymap.media_items (id, type, title, external_ids) values (900000001, 'movie', 'One', '[{"source": "tmdb", "id": "1"}]');
do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "kept", "type": "movie", "title": "Kept"}, {"itemId": "old", "type": "movie", "externalIds": {"tmdb": "2"}},
        {"itemId": "reused", "type": "movie", "title": "Before", "externalIds": {"tmdb": "3"}}, {"itemId": "gone", "type": "movie", "title": "Gone"},
        {"itemId": "gone", "type": "series"}, {"itemId": "also gone", "type": "movie"}
    ]');
end
$$;
create temporary table before_answer as select client_item_id, media_type, media_item_id from pymap.sync_clients_list(1);
create temporary table listing as
select '[
    {"itemId": "kept", "type": "movie", "title": "Kept", "externalIds": {"tmdb": "9"}},
    {"itemId": 12, "type": "movie", "title": "New (1999)", "year": 2020, "externalIds": {"Imdb": "15", "Tmdb": ["12", "0013"], "Tvdb": "0"}, "data": {"seen": true}},
    {"error": "no itemId", "item": {"x": 1}},
    {"itemId": "1", "type": "movie", "title": "Uno", "year": 1950, "externalIds": [{"source": "tmdb", "id": "1"}, {"source": "tvdb", "id": "11"}]},
    {"itemId": "new", "type": "movie", "externalIds": {"tmdb": "2"}},
    {"itemId": "reused", "type": "movie", "title": "After", "externalIds": {"tmdb": "4"}},
    {"itemId": "1", "type": "series"},
    {"itemId": "nulls", "type": "track", "title": null, "year": null, "externalIds": null, "data": null, "parentItemId": null, "discNumber": null, "trackNumber": null}
]'::jsonb as items;
create temporary table dry_before as select * from pg_temp.stored();
create temporary table dry_answer as
select * from listing as l, pymap.sync_client_items(1, 'plex', l.items, p_dry_run => true)
    with ordinality as a (client_item_id, media_type, media_item_id, action, position);
select results_eq('select * from pg_temp.stored()', 'table dry_before', 'A dry run writes nothing');
create temporary table first_answer as
select * from listing as l, pymap.sync_client_items(p_items => l.items, p_client_type => 'plex', p_client_id => 1)
    with ordinality as a (client_item_id, media_type, media_item_id, action, position);
select results_eq(
    'select client_item_id, media_type, action from first_answer order by position',
    $$
        values ('kept', 'movie', 'kept'), ('12', 'movie', 'created'), (null, null, 'unusable'), ('1', 'movie', 'matched'), ('new', 'movie', 'rekeyed'),
               ('reused', 'movie', 'reassigned'), ('1', 'series', 'created'), ('nulls', 'track', 'created'),
               ('also gone', 'movie', 'removed'), ('gone', 'movie', 'removed'), ('gone', 'series', 'removed')
    $$,
    'A row for every entry, in their order, then those that are not listed any more; an entry that a reader could not use is unusable; arguments by name'
);
select results_eq(
    'select client_item_id, media_type, media_item_id, action from dry_answer order by position',
    $$
        select client_item_id, media_type, case when media_item_id in (select a.media_item_id from first_answer as a where a.action in ('created', 'reassigned')) then null else media_item_id end, action
        from first_answer order by position
    $$,
    'The dry run gave the same rows, with NULL for the media items that would be created'
);
select results_eq(
    'select f.client_item_id, f.media_item_id from first_answer as f where f.action in (''kept'', ''removed'') order by 1, 2',
    'select b.client_item_id, b.media_item_id from before_answer as b where b.client_item_id in (''kept'', ''gone'', ''also gone'') order by 1, 2',
    'What is kept or removed names the media item that it had'
);
select results_eq(
    'select f.client_item_id, f.media_item_id = b.media_item_id from first_answer as f join before_answer as b on b.client_item_id = ''old'' and f.action = ''rekeyed''',
    $$values ('new', true)$$, 'What is rekeyed keeps its media item'
);
select results_eq(
    $$
        select f.media_item_id <> b.media_item_id, i.title, i.external_ids, o.title, o.sync_clients
        from first_answer as f
        join before_answer as b using (client_item_id, media_type)
        join pymap.media_items as i on i.id = f.media_item_id
        join pymap.media_items as o on o.id = b.media_item_id
        where f.action = 'reassigned'
    $$,
    $$values (true, 'After', '[{"source": "tmdb", "id": "4"}]'::jsonb, 'Before', '[]'::jsonb)$$, 'What is reassigned has another one; the old one stays, without the mapping'
);
select results_eq(
    'select client_item_id, media_type, media_item_id from pymap.sync_clients_list(1) order by 1, 2',
    $$select client_item_id, media_type, media_item_id from first_answer where action not in ('removed', 'unusable') order by 1, 2$$, 'The mappings agree with the listing'
);
select is(
    (select count(*) from pymap.media_items where id in (select media_item_id from before_answer)), 6::bigint, 'No media item goes'
);
select results_eq(
    $$select title, release_year, external_ids, data, sync_clients from pymap.media_items where id = (select media_item_id from first_answer where client_item_id = '12')$$,
    $$
        values (
            'New', 1999, '[{"source": "imdb", "id": "tt0000015"}, {"source": "tmdb", "id": "12"}, {"source": "tmdb", "id": "13"}]'::jsonb,
            '{"seen": true}'::jsonb, '[{"clientId": 1, "clientType": "plex", "itemId": "12"}]'::jsonb
        )
    $$,
    'A created media item has everything that its entry knows, canonically; a number as itemId is text'
);
select results_eq(
    $$select title, release_year, external_ids, sync_clients from pymap.media_items where id = 900000001$$,
    $$
        values (
            'One', 1950, '[{"source": "tmdb", "id": "1"}, {"source": "tvdb", "id": "11"}]'::jsonb,
            '[{"clientId": 1, "clientType": "plex", "itemId": "1"}]'::jsonb
        )
    $$,
    'A matched media item learns external IDs and the year that it lacked; its title stays'
);
select results_eq(
    $$select client_item_id collate "default", evidence collate "default", weight, comparisons from pymap.get_mapping_evidence(1, 'movie') where client_item_id in ('1', '12', 'new') order by 1$$,
    $$
        values ('1', 'external_ids', 8, '{"tmdb": 12, "title": -3, "year": -1}'::jsonb), ('12', null, null, null),
               ('new', 'external_ids', 14, '{"tmdb": 12, "year": 2}')
    $$,
    'The evidence stands with the mapping; what was created has none'
);
select results_eq(
    $$select title, external_ids from pymap.media_items where id = (select media_item_id from first_answer where action = 'kept')$$,
    $$values ('Kept', '[{"source": "tmdb", "id": "9"}]'::jsonb)$$, 'So does one that is kept'
);

-- The second time

create temporary table stored_before as select * from pg_temp.stored();
select results_eq(
    $$select a.client_item_id, a.media_type, a.media_item_id, a.action from listing as l, pymap.sync_client_items(1, 'plex', l.items) as a$$,
    $$select client_item_id, media_type, media_item_id, case action when 'unusable' then action else 'kept' end from first_answer where action <> 'removed' order by position$$,
    'The second time everything is kept'
);
select results_eq('select * from pg_temp.stored()', 'table stored_before', 'And nothing is written');
select is_empty($$select * from pymap.sync_client_items(1, 'plex', '[]')$$, 'An empty listing covers no media type: no rows');
select is_empty($$select * from pymap.sync_client_items(1, 'plex', '[{"error": "x"}]') where action <> 'unusable'$$, 'Nor does one of unusable entries');
select results_eq('select * from pg_temp.stored()', 'table stored_before', 'Nothing is written then');

-- What a listing covers

-- Removed are mappings of client 1 only, not those of client 2 with the same ID and the same media item.
create function pg_temp.removed(p_items jsonb, p_media_types text[] default null) returns text language plpgsql as $$
declare
    v_removed text;
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "m", "type": "movie", "externalIds": {"tmdb": "50"}}, {"itemId": "s", "type": "series"}, {"itemId": "e", "type": "episode", "parentItemId": "s"}
    ]', p_tenant_id => 1);
    perform pymap.sync_client_items(2, 'plex', '[{"itemId": "m", "type": "movie", "externalIds": {"tmdb": "50"}}, {"itemId": "other client", "type": "movie"}]', p_tenant_id => 1);
    select string_agg(a.client_item_id, ', ' order by a.client_item_id) filter (where a.action = 'removed')
    into v_removed
    from pymap.sync_client_items(1, 'plex', p_items, p_media_types, p_tenant_id => 1) as a;
    if (select string_agg(l.client_item_id, ', ' order by l.client_item_id) from pymap.sync_clients_list(2, null, 1) as l) <> 'm, other client' then
        v_removed := 'another client''s';
    end if;
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_removed;
end
$$;
select is(pg_temp.removed(r.items::jsonb, r.media_types::text[]), r.removed, 'Removed: ' || r.description)
from (values
    ('[{"itemId": "n", "type": "movie"}]', null, 'm', 'by default of the media types that occur'),
    ('[{"itemId": "n", "type": "movie"}, {"itemId": "t", "type": "series"}]', null, 'm, s', 'of all of them'),
    ('[{"itemId": "n", "type": "photo"}]', null, null, 'none, where the client has no mapping of such a type'),
    ('[{"itemId": "n", "type": "movie"}]', '{movie,series,episode}', 'e, m, s', 'of the media types that are named'),
    ('[{"itemId": "n", "type": "movie"}]', '{series}', 's', 'and of no other one, also if it occurs'),
    ('[]', '{movie}', 'm', 'all of a type, by an empty listing'),
    ('[{"error": "x"}]', '{movie,movie}', 'm', 'all of a type, by a listing of unusable entries'),
    ('[{"itemId": "n", "type": "movie"}]', '{}', null, 'none, where no media type is named'),
    ('[{"itemId": "m", "type": "series"}]', '{movie}', 'm', 'a mapping whose ID is listed with another media type'),
    ('[{"itemId": "s", "type": "series"}]', '{movie}', 'm', 'a mapping that has gone, if as many of other media types are unchanged')
) as r (items, media_types, removed, description);
select results_eq(
    $$select action from pymap.sync_client_items(3, 'plex', '[{"itemId": "a", "type": "movie", "externalIds": {"tmdb": "77"}}]')$$, $$values ('created')$$, 'A film of another client'
);
select results_eq(
    $$select action from pymap.sync_client_items(3, 'plex', '[{"itemId": "b", "type": "movie", "externalIds": {"tmdb": "77"}}]', array['series'])$$, $$values ('matched')$$,
    'A new ID is matched, not rekeyed, where the listing does not tell whether the old one is gone'
);

-- Many clients, many spellings, many items

select results_eq(
    $$
        select client_item_id, action from pymap.sync_client_items(4, 'jellyfin', '[
            {"itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2", "type": "series"}, {"itemId": "f27caa37e5142225ccebded48f6553a2", "type": "series"},
            {"itemId": "0B5C9F0E-1111-2222-3333-DED48F6553A2", "type": "episode", "parentItemId": "f27caa37-e514-2225-cceb-ded48f6553a2"}
        ]') order by client_item_id collate "C"
    $$,
    $$values ('0B5C9F0E-1111-2222-3333-DED48F6553A2', 'created'), ('F27CAA37-E514-2225-CCEB-DED48F6553A2', 'created'), ('f27caa37e5142225ccebded48f6553a2', 'created')$$,
    'A Jellyfin GUID comes back in every spelling in which it was given'
);
select results_eq(
    $$select i.parent_id, (select count(*) from pymap.sync_clients_list(4)) from pymap.media_items as i where i.id = pymap.get_media_item_by_client_id(4, '0b5c9f0e111122223333ded48f6553a2')$$,
    $$select pymap.get_media_item_by_client_id(4, 'f27caa37e5142225ccebded48f6553a2'), 2::bigint$$, 'All spellings are one item, also of a parent'
);
create function pg_temp.many(p_from integer, p_to integer, p_prefix text) returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object('itemId', p_prefix || n, 'type', 'movie', 'title', 'Film ' || n, 'year', 1950 + n % 70, 'externalIds', case n % 2 when 0 then jsonb_build_object('tvmaze', n) end))
    from generate_series(p_from, p_to) as n;
$$;
select results_eq(
    $$select action, count(*) from pymap.sync_client_items(5, 'emby', pg_temp.many(1, 2000, 'a')) group by action$$, $$values ('created', 2000::bigint)$$, 'Two thousand films'
);
select results_eq(
    $$select action, count(*) from pymap.sync_client_items(6, 'kodi', pg_temp.many(1001, 2500, 'b')) group by action order by action$$,
    $$values ('created', 500::bigint), ('matched', 1000)$$, 'Another client has some of them, half known by external ID, half by title and year'
);
select results_eq(
    $$select action, count(*) from pymap.sync_client_items(5, 'emby', pg_temp.many(1, 2000, 'c')) group by action$$, $$values ('rekeyed', 2000::bigint)$$, 'The server gives all of them new IDs'
);
select is((select count(distinct media_item_id) from pymap.sync_clients_list(5)), 2000::bigint, 'No media item is lost');
create temporary table locks_before as select count(*) as n from pg_locks where pid = pg_backend_pid();
do $$
begin
    for n in 1..20 loop
        perform pymap.sync_client_items(1, 'plex', '[{"itemId": "kept", "type": "movie"}]', '{}');
    end loop;
end
$$;
select is(
    (select count(*) from pg_locks where pid = pg_backend_pid()) - (select n from locks_before) < 20, true, 'Syncs do not pile up locks'
);

-- What is refused, with nothing written

drop table stored_before;
create temporary table stored_before as select * from pg_temp.stored();
select matches(
    helpers.refusal(format('select * from pymap.sync_client_items(1, ''plex'', jsonb_build_array(''{"itemId": "good", "type": "movie"}''::jsonb, %L::jsonb))', b.item)),
    '^22023\|' || regexp_replace('p_items[1]' || b.key, '([\[\].])', '\\\1', 'g') || ' is .*\|.+',
    format('A bad item refuses the listing, with its position, key and value: %s, %s', coalesce(nullif(ltrim(b.key, '.'), ''), 'the item'), b.problem)
)
from (values
    ('null', '', 'null'), ('[]', '', 'an array'), ('{"type": "movie"}', '.itemId', 'absent'), ('{"itemId": "", "type": "movie"}', '.itemId', 'empty'),
    ('{"itemId": "' || repeat('é', 513) || '", "type": "movie"}', '.itemId', '513 characters that are 1,026 bytes'),
    ('{"itemId": "a", "type": "film"}', '.type', 'not known'), ('{"itemId": "a", "type": "movie", "title": 5}', '.title', 'a number'),
    ('{"itemId": "a", "type": "movie", "year": 10000}', '.year', 'five digits'), ('{"itemId": "a", "type": "movie", "externalIds": "tt1"}', '.externalIds', 'a text'),
    ('{"itemId": "a", "type": "movie", "data": []}', '.data', 'an array'), ('{"itemId": "a", "type": "episode", "parentItemId": ""}', '.parentItemId', 'empty'),
    ('{"itemId": "a", "type": "episode", "seasonNumber": "one"}', '.seasonNumber', 'a word'), ('{"itemId": "a", "type": "episode", "episodeNumber": -1}', '.episodeNumber', 'negative'),
    ('{"itemId": "a", "type": "track", "discNumber": 1.5}', '.discNumber', 'a fraction'), ('{"itemId": "a", "type": "track", "trackNumber": 10000000000}', '.trackNumber', 'beyond integer')
) as b (item, key, problem);
select matches(
    helpers.refusal(format('select * from pymap.sync_client_items(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+', 'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''plex'', ''[]''', 'p_client_id is ''0''', 'client ID 0'), ('null, ''plex'', ''[]''', 'p_client_id is NULL', 'client ID NULL'),
    ('1, null, ''[]''', 'p_client_type is NULL', 'client type NULL'), ('99, ''Plex'', ''[]''', 'p_client_type is ''Plex''', 'a client type in upper case'),
    ('1, ''plex'', null', 'p_items is NULL', 'items NULL'), ('1, ''plex'', ''{"itemId": "a", "type": "movie"}''', 'p_items is ', 'items that are an object'),
    ('1, ''plex'', ''[]'', array[''film'']', 'p_media_types is ''film''', 'a media type that is not known'), ('1, ''plex'', ''[]'', array[''movie'', null]', 'p_media_types is NULL', 'a media type NULL'),
    ('1, ''plex'', ''[]'', null, -0.1', 'p_max_removed_fraction is ''-0.1''', 'a negative share'), ('1, ''plex'', ''[]'', null, 1.01', 'p_max_removed_fraction is ''1.01''', 'a share above 1'),
    ('1, ''plex'', ''[]'', null, null', 'p_max_removed_fraction is NULL', 'share NULL'), ('1, ''plex'', ''[]'', null, ''NaN''', 'p_max_removed_fraction is ''NaN''', 'a share that is no number'),
    ('1, ''plex'', ''[]'', null, 0.2, null', 'p_allow_removals is NULL', 'p_allow_removals NULL'), ('1, ''plex'', ''[]'', null, 0.2, false, null', 'p_dry_run is NULL', 'p_dry_run NULL'),
    ('1, ''plex'', ''[]'', p_tenant_id => null', 'p_tenant_id is NULL', 'tenant NULL')
) as b (arguments, detail, problem);
select matches(
    helpers.refusal($$select * from pymap.sync_client_items(1, 'emby', '[{"itemId": "good", "type": "movie"}]')$$), '^PM003\|.*plex.*\|.+', 'A client of another type: PM003 names the type that it has'
);
select results_eq('select * from pg_temp.stored()', 'table stored_before', 'Nothing of that is written, the good items neither');
select is(
    helpers.refusal(format('select * from pymap.sync_client_items(7, ''plex'', jsonb_build_array(jsonb_build_object(''itemId'', %L, ''type'', ''movie'')))', repeat('é', 512))), 'no error',
    'An ID of 1,024 bytes is not refused'
);
select is(helpers.refusal($$select * from pymap.sync_client_items(9223372036854775807, 'plex', '[{"itemId": "a", "type": "movie"}]')$$), 'no error', 'Any bigint from 1 up is a client ID');

select * from finish();

rollback;
