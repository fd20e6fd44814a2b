begin;

select plan(32);

-- What a DBA may write

select is(helpers.refusal(format('insert into pymap.media_types %s', t.row)), t.refusal, t.description)
from (values
    ('(name) values (''game'')', 'no error', 'A name is enough for what stands on its own'), ('(name, level, parent_types) values (''dlc'', 1, ''{game}'')', 'no error', 'A part has a level and what it is part of')
) as t (row, refusal, description);
select throws_ok(format('insert into pymap.media_types %s', t.row), t.state, null, 'Refused: ' || t.description)
from (values
    ('(name) values (''movie'')', '23505', 'a type that there is'), ('(name) values (''Game'')', '23514', 'upper case'), ('(name) values ('''')', '23514', 'no name'),
    ('(name) values (repeat(''a'', 51))', '23514', 'a name of 51 characters'), ('(name, level) values (''part'', 1)', '23514', 'a level without anything to be part of'),
    ('(name, parent_types) values (''part'', ''{game}'')', '23514', 'a part on level 0'), ('(name, level, parent_types) values (''part'', 10, ''{game}'')', '23514', 'level 10'),
    ('(name, path_parts) values (''one'', 1)', '23514', 'one component of a path')
) as t (row, state, description);
select is((select format('%s %s %s %s %s', level, number_key, path_parts, is_folder, title_identifies) from pymap.media_types where name = 'game'), '0  2 f t', 'The defaults');

-- A tree of three: no function knows of it

insert into pymap.media_types (name, level, parent_types, number_key, parent_number_key, path_parts, is_folder) values
    ('radio', 0, '{}', null, null, 2, true), ('radio_season', 1, '{radio}', 'seasonNumber', null, 2, true),
    ('radio_episode', 2, '{radio,radio_season}', 'episodeNumber', 'seasonNumber', 3, false), ('chapter', 3, '{radio_episode}', 'chapterNumber', null, 2, false);
create function pg_temp.radio(p_prefix text, p_title text, p_external_ids jsonb, p_titles text[]) returns jsonb language sql as $$
    select jsonb_build_array(
        jsonb_build_object('itemId', p_prefix, 'type', 'radio', 'title', p_title, 'externalIds', p_external_ids),
        jsonb_build_object('itemId', p_prefix || 's1', 'type', 'radio_season', 'parentItemId', p_prefix, 'seasonNumber', 1),
        jsonb_build_object('itemId', p_prefix || 'e1', 'type', 'radio_episode', 'parentItemId', p_prefix || 's1', 'episodeNumber', 1, 'title', p_titles[1]),
        jsonb_build_object('itemId', p_prefix || 'e2', 'type', 'radio_episode', 'parentItemId', p_prefix, 'seasonNumber', 1, 'episodeNumber', 2, 'title', p_titles[2]),
        jsonb_build_object('itemId', p_prefix || 'c1', 'type', 'chapter', 'parentItemId', p_prefix || 'e2', 'chapterNumber', 1)
    )
$$;
select results_eq(
    $$select client_item_id, action from pymap.sync_client_items(1, 'plex', pg_temp.radio('p', 'Serial', '{"itunes": "917918570"}', array['The Alibi', 'The Breakup']))$$,
    $$values ('p', 'created'), ('ps1', 'created'), ('pe1', 'created'), ('pe2', 'created'), ('pc1', 'created')$$, 'A radio play with everything below it'
);
create function pg_temp.item(p_client_id bigint, p_client_item_id text) returns bigint language sql as $$ select pymap.get_media_item_by_client_id(p_client_id, p_client_item_id) $$;
select results_eq(
    $$
        select i.type collate "default", i.parent_id, i.parent_number, i.number
        from pymap.media_items as i where i.id in (select m.media_item_id from pymap.sync_clients_list(1) as m) order by 1, 4
    $$,
    $$
        values ('chapter', pg_temp.item(1, 'pe2'), null::integer, 1), ('radio', null, null, null), ('radio_episode', pg_temp.item(1, 'p'), 1, 1),
               ('radio_episode', pg_temp.item(1, 'p'), 1, 2), ('radio_season', pg_temp.item(1, 'p'), null, 1)
    $$,
    'What each is part of, the first of its parent types; an episode that names its season has that one''s number; numbers by a key of its own'
);
select results_eq(
    $$
        select a.client_item_id, a.action, a.media_item_id = pg_temp.item(1, 'p' || substr(a.client_item_id, 2))
        from pymap.sync_client_items(2, 'audiobookshelf', pg_temp.radio('q', 'SERIAL', '{}', array['Das Alibi', 'Der Bruch'])) as a
    $$,
    $$values ('q', 'matched', true), ('qs1', 'matched', true), ('qe1', 'matched', true), ('qe2', 'matched', true), ('qc1', 'matched', true)$$, 'Another server has the same: by the title, then by numbers below it'
);
select results_eq(
    'select client_item_id collate "default", evidence collate "default", comparisons from pymap.get_mapping_evidence(2) order by 1',
    $$
        values ('q', 'title', '{"year": 2, "title": 7}'::jsonb), ('qc1', 'numbers', '{"place": 10}'), ('qe1', 'numbers', '{"place": 10, "title": -3}'), ('qe2', 'numbers', '{"place": 10, "title": -3}'),
               ('qs1', 'numbers', '{"place": 10}')
    $$,
    'With the evidence'
);
select results_eq(
    $$select action, count(*) from pymap.sync_client_items(2, 'audiobookshelf', pg_temp.radio('r', 'SERIAL', '{}', array['Das Alibi', 'Der Bruch'])) group by 1$$, $$values ('rekeyed', 5::bigint)$$, 'It gives all of them new IDs'
);
select results_eq(
    $$select action, count(*) from pymap.sync_client_items(2, 'audiobookshelf', pg_temp.radio('r', 'SERIAL', '{}', array['Das Alibi', 'Der Bruch'])) group by 1$$, $$values ('kept', 5::bigint)$$, 'And keeps them then'
);
select results_eq(
    $$select client_item_id, action from pymap.sync_client_items(3, 'emby', pg_temp.radio('t', 'Cereal', '{}', array['The Alibi', 'The Breakup']))$$,
    $$values ('t', 'created'), ('ts1', 'created'), ('te1', 'created'), ('te2', 'created'), ('tc1', 'created')$$, 'Another radio play has parts of its own'
);
select isnt(pymap.merge_media_items(pg_temp.item(1, 'p'), pg_temp.item(3, 't')), null, 'Somebody knows that it is the same');
select results_eq(
    $$select i.id, pg_temp.item(3, 't' || i.id) = pg_temp.item(1, 'p' || i.id) from unnest(array['s1', 'e1', 'e2', 'c1']) as i (id)$$, $$values ('s1', true), ('e1', true), ('e2', true), ('c1', true)$$,
    'The parts are merged along, level by level'
);
select isnt(pymap.undo((select max(h.event_id) from pymap.history(pg_temp.item(1, 'p')) as h where h.kind = 'merged')), null, 'And undone');
select results_eq(
    $$select i.id, pg_temp.item(3, 't' || i.id) = pg_temp.item(1, 'p' || i.id) from unnest(array['s1', 'e1', 'e2', 'c1']) as i (id)$$, $$values ('s1', false), ('e1', false), ('e2', false), ('c1', false)$$, 'With them'
);
select results_eq(
    $$select media_type collate "default", evidence collate "default" from pymap.find_duplicates('radio')$$, $$select 'radio', 'title' limit 0$$, 'Two titles are no duplicates'
);
select results_eq(
    $$select action from pymap.get_or_create_mappings(4, 'jellyfin', '[{"itemId": "c", "type": "chapter", "chapterNumber": 2}, {"itemId": "g", "type": "dlc", "parentItemId": "none"}]')$$, $$values ('created'), ('created')$$, 'A batch takes them'
);
select is(pymap.get_or_create_mapping(5, 'emby', 'p', 'radio', 'Serial'), pg_temp.item(1, 'p'), 'So does a single call');
select matches(
    helpers.refusal(format('select * from pymap.sync_client_items(6, ''plex'', ''[{"itemId": "a", "type": "chapter", %s}]'')', b.number)), '^22023\|p_items\[0\]\.chapterNumber is .*\|.+', 'A number that is none: ' || b.number
)
from (values ('"chapterNumber": "one"'), ('"chapterNumber": -1'), ('"chapterNumber": 1.5')) as b (number);

-- Titles that say nothing

insert into pymap.media_types (name, title_identifies) values ('mixtape', false);
do $$ begin perform pymap.sync_client_items(c, 'plex', '[{"itemId": "m", "type": "mixtape", "title": "Summer", "year": 1994}, {"itemId": "g", "type": "game", "title": "Summer", "year": 1994}]') from generate_series(7, 8) as c; end $$;
select results_eq(
    $$select n, pg_temp.item(7, n) = pg_temp.item(8, n) from unnest(array['m', 'g']) as n$$, $$values ('m', false), ('g', true)$$, 'Where a title does not identify, an equal one unites nothing'
);
select is_empty($$select from pymap.find_duplicates('mixtape')$$, 'Nor is it proposed');
select results_eq(
    $$select action from pymap.sync_client_items(9, 'emby', '[{"itemId": "m", "type": "mixtape", "title": "Summer", "path": "/tapes/1994/summer.zip", "externalIds": {"musicbrainz": "0000000a-abcd-4abc-8abc-abcdefabcdef"}}]')$$, $$values ('created')$$, 'A third one'
);
select results_eq(
    $$select action from pymap.sync_client_items(10, 'kodi', '[{"itemId": "m", "type": "mixtape", "title": "Sommer", "path": "T:\\1994\\Summer.zip"}]')$$, $$values ('matched')$$, 'But a file does'
);

select * from finish();

rollback;
