begin;

select plan(56);

insert into pymap.media_items (tenant_id, id, type, title, release_year, parent_id, number, sync_clients, external_ids, data) values
    (
        0, 900000001, 'movie', 'X', 1999, null, null,
        '[{"clientId": 1, "clientType": "plex", "itemId": "a"},
          {"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2", "edition": "uncut"},
          {"clientId": 2, "clientType": "emby", "itemId": "b"}, {"clientId": 2, "clientType": "emby", "itemId": "c"}]',
        '[{"source": "imdb", "id": "tt0000001"}, {"source": "imdb", "id": "tt0000002"}, {"source": "tmdb", "id": "5"}]',
        '{"own": 1}'
    ),
    (
        1, 900000002, 'movie', 'X', 1999, null, null, '[{"clientId": 2, "clientType": "emby", "itemId": "b"}]',
        '[{"source": "imdb", "id": "tt0000002"}]', '{}'
    ),
    (0, 900000003, 'series', 'S', null, null, null, '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]', '[]', '{}'),
    (0, 900000004, 'movie', null, null, 900000001, 1, '[]', '[]', '{}');
insert into pymap.media_items (id, type, merged_into) values (900000005, 'movie', 900000001);
create temporary table made (name text primary key, event_id bigint, new_id bigint);
create function pg_temp.split(p_name text, p_event_id bigint) returns void language sql as $$
    insert into made select p_name, p_event_id, e.media_item_after from pymap.mapping_events as e where e.id = p_event_id;
$$;

do $$
begin
    perform pg_temp.split('first', pymap.split_media_item(
        p_tenant_id => 0, p_external_ids => '{"IMDB": "2"}', p_media_item_id => 900000001,
        p_mappings => '[{"clientId": 2, "itemId": "b"}, {"clientId": 4, "itemId": "f27caa37-e514-2225-cceb-ded48f6553a2", "clientType": "?"},
                        {"itemId": "b", "clientId": 2}]'
    ));
end
$$;
select is(i.sync_clients, s.sync_clients::jsonb, s.description)
from (values
    (
        'new', '[{"clientId": 2, "clientType": "emby", "itemId": "b"},
                 {"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2", "edition": "uncut"}]',
        'The mappings that were named, in any spelling, go to a new media item, with all their keys; arguments by name'
    ),
    (
        'old', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}, {"clientId": 2, "clientType": "emby", "itemId": "c"}]',
        'The others stay'
    )
) as s (name, sync_clients, description)
join pymap.media_items as i on i.id = case s.name when 'old' then 900000001 else (select new_id from made) end;
select results_eq(
    'select external_ids from pymap.media_items where id in (900000001, (select new_id from made)) order by external_ids',
    $$
        values ('[{"source": "imdb", "id": "tt0000002"}]'::jsonb),
               ('[{"source": "imdb", "id": "tt0000001"}, {"source": "tmdb", "id": "5"}]')
    $$,
    'So do external IDs'
);
select is(
    (
        select (to_jsonb(i) - '{id,created_at,updated_at,sync_clients,external_ids}'::text[])::text
        from pymap.media_items as i where i.id = (select new_id from made)
    ),
    '{"data": {}, "type": "movie", "title": null, "number": null, "parent_id": null, "tenant_id": 0, "title_key": null, "merged_into": null, '
    '"release_year": null, "parent_number": null}',
    'The new one is of the same media type, and nothing else is known of it'
);
select is(
    (select format('%s %s %s', title, release_year, data) from pymap.media_items where id = 900000001), 'X 1999 {"own": 1}',
    'The other one stays what it was'
);
select results_eq(
    'select id, parent_id, merged_into from pymap.media_items where id in (900000004, 900000005) order by id',
    $$values (900000004::bigint, 900000001::bigint, null::bigint), (900000005, null, 900000001)$$,
    'What is part of it, or was merged into it, stays with it'
);
select is(pymap.get_media_item_by_client_id(c.client_id, c.client_item_id) = made.new_id, c.is_new, 'Look-up: ' || c.client_item_id)
from made, (values (2, 'b', true), (2, 'c', false), (4, 'f27caa37e5142225ccebded48f6553a2', true)) as c (client_id, client_item_id, is_new);
select is(pymap.get_media_item_by_client_id_and_type(1, 'a', 'movie'), 900000001::bigint, 'Look-up: a');
select is(x.id = made.new_id, e.is_new, 'External ID: ' || e.external_id)
from made, (values ('imdb', '1', false), ('imdb', '2', true), ('tmdb', '5', false)) as e (source, external_id, is_new)
cross join lateral pymap.get_media_items_by_external_id(e.source, e.external_id) as x (id);
select is(pymap.get_media_item_by_client_id(2, 'b', 1), 900000002::bigint, 'Another tenant''s mapping of the same ID stays');

-- Events

select results_eq(
    $$
        select kind::text collate "default", 900000001 in (media_item_before, media_item_after),
               (select new_id from made) in (media_item_after, case kind when 'distinct' then media_item_before end),
               evidence::text collate "default", client_id, client_item_id collate "default", media_type::text collate "default"
        from pymap.mapping_events where id >= (select event_id from made) order by kind, client_id
    $$,
    $$
        values ('distinct', true, true, 'manual', null::bigint, null, 'movie'),
               ('moved', true, true, 'split', 2, 'b', 'movie'),
               ('moved', true, true, 'split', 4, 'f27caa37e5142225ccebded48f6553a2', 'movie'),
               ('split', true, true, 'manual', null, null, 'movie')
    $$,
    'A split is an event, with one for each mapping and one that the two are distinct'
);
select is(
    (select string_agg(format('%s %s %s %s', e.client_item_id, e.evidence, coalesce(e.weight::text, '-'), coalesce(e.comparisons::text, '-')), ', ' order by e.client_item_id)
     from made as m cross join lateral pymap.get_mapping_evidence(2, 'movie') as e),
    'b split - -, c  - -', 'With the mapping stands that it was split off, whatever was weighed before; the one that stays has what it had'
);

-- Distinct

select matches(
    helpers.refusal(format('select pymap.merge_media_items(900000001, %s)', new_id)), '^PM005\|', 'The two are not merged again'
) from made;
do $$ begin update pymap.media_items set title = 'X', release_year = 1999 where id = (select new_id from made); end $$;
select is_empty('select * from pymap.find_duplicates()', 'Nor proposed');
select results_eq(
    $$
        select s.action, s.media_item_id = any (array[900000001, (select new_id from made)])
        from pymap.sync_client_items(
            5, 'kodi', '[{"itemId": "k", "type": "movie", "externalIds": {"imdb": ["1", "2"]}}]'
        ) as s
    $$,
    $$values ('created', false)$$, 'Nor united by a sync'
);

-- Without external IDs, out of a media item that was merged

do $$
begin
    perform pg_temp.split('second', pymap.split_media_item(900000005, '[{"clientId": 1, "itemId": "a"}]'));
end
$$;
select is(
    (
        select format('%s %s %s', e.media_item_before, i.sync_clients #>> '{0,itemId}', i.external_ids)
        from made as m join pymap.media_items as i on i.id = m.new_id join pymap.mapping_events as e on e.id = m.event_id
        where m.name = 'second'
    ),
    '900000001 a []', 'A redirect stands for what it leads to; external IDs stay where they are not named'
);
select is(pymap.get_media_item_by_client_id_and_type(1, 'a', 'series'), 900000003::bigint, 'Another media type of that ID stays');

-- Refused

insert into pymap.media_items (id, type, sync_clients, external_ids) values
    (900000006, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "p"}, {"clientId": 1, "clientType": "plex", "itemId": "q"}]', '[{"source": "tvdb", "id": "7"}]');
create temporary table before_refusals as select * from pymap.media_items;
select matches(helpers.refusal(format('select pymap.split_media_item(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('999999999, ''[{"clientId": 2, "itemId": "c"}]''', '^P0002\|p_media_item_id is 999999999.*\|.+', 'a media item that does not exist'),
    ('null, ''[{"clientId": 2, "itemId": "c"}]''', '^P0002\|p_media_item_id is NULL.*\|.+', 'NULL'),
    ('900000002, ''[{"clientId": 2, "itemId": "b"}]''', '^P0002\|p_media_item_id is 900000002.*\|.+', 'a media item of another tenant'),
    ('900000001, null', '^22023\|p_mappings is NULL\.\|.+', 'no mappings'),
    ('900000001, ''[]''', '^22023\|p_mappings is ''\[\]''\.\|.+', 'none at all'),
    ('900000001, ''{"clientId": 2, "itemId": "c"}''', '^22023\|p_mappings is .*c.*\|.+', 'no array'),
    ('900000001, ''["c"]''', '^22023\|p_mappings is ''"c"''\.\|.+', 'no object'),
    ('900000001, ''[{"itemId": "c"}]''', '^22023\|p_mappings is .*c.*\|.+', 'no client'),
    ('900000001, ''[{"clientId": "2", "itemId": "c"}]''', '^22023\|p_mappings is .*c.*\|.+', 'a client ID that is text'),
    ('900000001, ''[{"clientId": 2}]''', '^22023\|p_mappings is .*2.*\|.+', 'no item ID'),
    ('900000001, ''[{"clientId": 2, "itemId": "C"}]''', '^22023\|p_mappings is .*C.*\|Media item 900000001 has the mappings .*c.*', 'another item ID'),
    ('900000001, ''[{"clientId": 2, "itemId": "b"}]''', '^22023\|p_mappings is .*b.*\|Media item 900000001 has the mappings .*c.*', 'one that it has no more'),
    ('900000001, ''[{"clientId": 2, "itemId": "c"}]''', '^22023\|p_mappings is .*c.*\|No mapping of media item 900000001 would be left\.', 'all that it has'),
    (
        '900000003, ''[{"clientId": 1, "itemId": "a"}]''', '^22023\|.*a.*\|No mapping of media item 900000003 would be left\.',
        'the one that it has'
    )
) as b (arguments, refusal, problem);
select matches(
    helpers.refusal(format('select pymap.split_media_item(900000006, ''[{"clientId": 1, "itemId": "p"}]'', %s)', b.arguments)), b.refusal,
    'Refused: ' || b.problem
)
from (values
    ('''[{"source": "tvdb", "id": "8"}]''', '^22023\|p_external_ids is .*8.*\|Media item 900000006 has the external IDs .*7.*', 'an external ID that it does not have'),
    ('''5''', '^22023\|.*5.*\|.+', 'no external IDs but a number'),
    ('''[]'', null', '^22023\|p_tenant_id is NULL\.\|.+', 'a tenant that is NULL'),
    ('''[]'', 1', '^P0002\|.*p_tenant_id is 1\.\|.+', 'in another tenant')
) as b (arguments, refusal, problem);
select results_eq(
    'select * from pymap.media_items order by id', 'select * from before_refusals order by id', 'Then nothing is written'
);
do $$
begin
    perform pg_temp.split('all external IDs', pymap.split_media_item(900000006, '[{"clientId": 1, "itemId": "p"}]', '{"tvdb": "7"}'));
    perform pymap.link_client_item(900000006, 1, 'plex', 'r');
    perform pg_temp.split('none', pymap.split_media_item(900000006, '[{"clientId": 1, "itemId": "q"}]', null));
end
$$;
select results_eq(
    'select i.external_ids from made as m join pymap.media_items as i on i.id = m.new_id where m.event_id >= (select event_id from made where name = ''all external IDs'') order by m.event_id',
    $$values ('[{"source": "tvdb", "id": "7"}]'::jsonb), ('[]')$$, 'All external IDs may go, or none; NULL is none'
);
select is_empty($$select * from pymap.check_integrity() where severity = 'error'$$, 'Nothing is damaged');

-- What clients told goes along

do $$
begin
    perform pymap.sync_client_items(11, 'plex', '[
        {"itemId": "heat", "type": "movie", "title": "Heat", "year": 1995, "externalIds": {"imdb": "tt0113277", "tmdb": 949, "letterboxd": 1}},
        {"itemId": "s", "type": "series", "title": "Saga", "externalIds": {"tvdb": 7001}},
        {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One", "externalIds": {"tvdb": 7011}}
    ]');
    perform pymap.sync_client_items(12, 'emby', '[
        {"itemId": "old", "type": "movie", "title": "Heat (1986)", "externalIds": {"imdb": "tt0093164", "letterboxd": 1}, "data": {"own": 1}},
        {"itemId": "t", "type": "series", "title": "Saga Zwei", "externalIds": {"tvdb": 7002}},
        {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 2, "episodeNumber": 3, "title": "Drei", "externalIds": {"tvdb": 7023}},
        {"itemId": "bare", "type": "movie"}
    ]');
    perform pymap.merge_media_items(pymap.get_media_item_by_client_id(11, 'heat'), pymap.get_media_item_by_client_id(12, 'old'));
    perform pymap.merge_media_items(pymap.get_media_item_by_client_id(11, 'e'), pymap.get_media_item_by_client_id(12, 'f'));
    perform pymap.merge_media_items(pymap.get_media_item_by_client_id(11, 'heat'), pymap.get_media_item_by_client_id(12, 'bare'));
    update pymap.media_items set external_ids = external_ids || '[{"source": "tvdb", "id": "77"}]' where id = pymap.get_media_item_by_client_id(11, 'heat');
end
$$;
create function pg_temp.known(p_client_id bigint, p_client_item_id text) returns text language sql as $$
    select concat_ws(
        '; ', (select string_agg(x ->> 'source' || ' ' || (x ->> 'id'), ', ' order by x ->> 'source', x ->> 'id') from jsonb_array_elements(i.external_ids) as x), i.title, i.release_year,
        'part of ' || (select coalesce(p.title, 'something') from pymap.media_items as p where p.id = i.parent_id), nullif(concat_ws('x', i.parent_number, i.number), ''), nullif(i.data, '{}')
    )
    from pymap.media_items as i where i.id = pymap.get_media_item_by_client_id(p_client_id, p_client_item_id)
$$;
select is(pg_temp.known(11, 'heat'), 'imdb tt0093164, imdb tt0113277, letterboxd 1, tmdb 949, tvdb 77; Heat; 1995', 'Three films were merged by mistake');
select is(pg_temp.known(11, 'e'), 'tvdb 7011, tvdb 7023; One; part of Saga; 1x1', 'And two episodes');
do $$
begin
    perform pg_temp.split('old film', pymap.split_media_item(pymap.get_media_item_by_client_id(11, 'heat'), '[{"clientId": 12, "itemId": "old"}]'));
    perform pg_temp.split('episode', pymap.split_media_item(pymap.get_media_item_by_client_id(11, 'e'), '[{"clientId": 12, "itemId": "f"}]'));
    perform pg_temp.split('bare', pymap.split_media_item(pymap.get_media_item_by_client_id(11, 'heat'), '[{"clientId": 12, "itemId": "bare"}]', '{"tvdb": 77}'));
end
$$;
select is(
    pg_temp.known(s.client_id, s.client_item_id), s.known, s.description
)
from (values
    (12, 'old', 'imdb tt0093164, letterboxd 1; Heat; 1986', 'External IDs, title and year that came with a mapping go along; the data of the application stay where they were'),
    (12, 'bare', 'tvdb 77', 'With one of which nothing was told go the external IDs that are named'),
    (11, 'heat', 'imdb tt0113277, letterboxd 1, tmdb 949; Heat; 1995', 'What a mapping that stays has told as well stays too, the rest is gone'),
    (12, 'f', 'tvdb 7023; Drei; part of Saga Zwei; 2x3', 'Parent and numbers go along'), (11, 'e', 'tvdb 7011; One; part of Saga; 1x1', 'The other episode has its own')
) as s (client_id, client_item_id, known, description);
select results_eq(
    $$select client_item_id collate "default", title, release_year, evidence collate "default", media_item_id = pymap.get_media_item_by_client_id(12, client_item_id) from pymap.client_items where client_id = 12 and client_item_id in ('old', 'bare') order by 1$$,
    $$values ('bare', null, null::integer, 'split', true), ('old', 'Heat', 1986, 'split', true)$$, 'What was told stands with the mapping as before'
);
select results_eq(
    $$
        select client_item_id, action from pymap.sync_client_items(12, 'emby', '[
            {"itemId": "old", "type": "movie", "title": "Heat (1986)", "externalIds": {"imdb": "tt0093164", "letterboxd": 1}}, {"itemId": "t", "type": "series", "title": "Saga Zwei", "externalIds": {"tvdb": 7002}},
            {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 2, "episodeNumber": 3, "title": "Drei", "externalIds": {"tvdb": 7023}}, {"itemId": "bare", "type": "movie"}
        ]')
    $$,
    $$values ('old', 'kept'), ('t', 'kept'), ('f', 'kept'), ('bare', 'kept')$$, 'A sync leaves it so'
);
select results_eq(
    $$select action, media_item_id from pymap.sync_client_items(13, 'kodi', '[{"itemId": "1", "type": "movie", "title": "Heat", "year": 1986, "externalIds": {"imdb": "tt0093164"}}, {"itemId": "2", "type": "movie", "title": "Heat", "year": 1995}]')$$,
    $$values ('matched', pymap.get_media_item_by_client_id(12, 'old')), ('matched', pymap.get_media_item_by_client_id(11, 'heat'))$$, 'And tells them apart on other servers'
);
do $$
begin
    perform pymap.remove_client(13);
    perform pymap.undo(m.event_id) from made as m where m.name = 'bare';
    perform pymap.undo(m.event_id) from made as m where m.name = 'old film';
    perform pymap.undo(m.event_id) from made as m where m.name = 'episode';
end
$$;
select is(pg_temp.known(12, 'bare'), pg_temp.known(11, 'heat'), 'Undone: one media item again');
select is(pg_temp.known(11, 'heat'), 'imdb tt0093164, imdb tt0113277, letterboxd 1, tmdb 949, tvdb 77; Heat; 1995', 'With all external IDs');
select is(pg_temp.known(12, 'f'), 'tvdb 7011, tvdb 7023; One; part of Saga; 1x1', 'And the episode as it was');
select is_empty($$select * from pymap.check_integrity() where severity = 'error'$$, 'Still nothing is damaged');

select * from finish();

rollback;
