begin;

select plan(64);

-- What is known of a media item.
create function pg_temp.shown(p_media_item_id bigint) returns text language sql as $$
    select concat_ws(
        '; ',
        (
            select string_agg(format('%s:%s', c ->> 'clientId', c ->> 'itemId'), ' ' order by n)
            from jsonb_array_elements(i.sync_clients) with ordinality as e (c, n)
        ),
        (
            select string_agg(format('%s:%s', x ->> 'source', x ->> 'id'), ' ' order by n)
            from jsonb_array_elements(i.external_ids) with ordinality as e (x, n)
        ),
        i.title, i.release_year, 'part of ' || i.parent_id, 'place ' || nullif(concat_ws('x', i.parent_number, i.number), ''),
        'into ' || i.merged_into
    )
    from pymap.media_items as i
    where i.id = p_media_item_id
$$;

-- Two films

insert into pymap.media_items (tenant_id, id, type, title, release_year, sync_clients, external_ids, data) values
    (
        0, 900000001, 'movie', null, 1999, '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]',
        '[{"source": "imdb", "id": "tt0000001"}]', '{"own": 1}'
    ),
    (
        0, 900000002, 'movie', 'X', 2000,
        '[{"clientId": 2, "clientType": "emby", "itemId": "b", "edition": "uncut"},
          {"clientId": 1, "clientType": "plex", "itemId": "c"}]',
        '[{"source": "imdb", "id": "tt0000001"}, {"source": "tmdb", "id": "5"}]', '{"own": 2}'
    ),
    (
        1, 900000003, 'movie', 'X', 2000, '[{"clientId": 2, "clientType": "emby", "itemId": "b"}]',
        '[{"source": "tmdb", "id": "5"}]', '{}'
    ),
    (0, 900000004, 'movie', 'Z', 1997, '[{"clientId": 3, "clientType": "kodi", "itemId": "z"}]', '[]', '{}'),
    (0, 900000005, 'movie', 'Y', null, '[]', '[{"source": "tvdb", "id": "5"}]', '{}'),
    (0, 900000006, 'movie', null, null, '[{"clientId": 4, "clientType": "plex", "itemId": "f"}]', '[]', '{}');
create temporary table made (name text primary key, event_id bigint);
insert into made values ('first', pymap.merge_media_items(900000001, 900000002));

select is(
    pg_temp.shown(900000001), '1:a 2:b 1:c; imdb:tt0000001 tmdb:5; X; 1999',
    'The one that is kept gets mappings and external IDs, and what it did not know'
);
select is(pg_temp.shown(900000002), 'X; 2000; into 900000001', 'The other one''s row stays as a redirect');
select is(
    (select sync_clients #>> '{1,edition}' from pymap.media_items where id = 900000001), 'uncut',
    'Unknown keys of a mapping come along'
);
select results_eq(
    'select id, data from pymap.media_items where id in (900000001, 900000002) order by id',
    $$values (900000001::bigint, '{"own": 1}'::jsonb), (900000002, '{"own": 2}')$$,
    'The data of the application stays where it was'
);
select results_eq(
    $$
        select m.client_id, m.client_item_id collate "default", m.media_item_id
        from pymap.client_items as m where m.tenant_id = 0 and m.media_item_id in (900000001, 900000002) order by 1, 2
    $$,
    $$values (1::bigint, 'a', 900000001::bigint), (1, 'c', 900000001), (2, 'b', 900000001)$$, 'Client item IDs are found'
);
select results_eq(
    $$
        select x.source, pymap.get_media_items_by_external_id(x.source, x.id)
        from (values ('imdb', '1'), ('tmdb', '5')) as x (source, id)
    $$,
    $$values ('imdb', 900000001::bigint), ('tmdb', 900000001)$$, 'External IDs are found, once'
);
select is(pymap.resolve_media_item(900000002), 900000001::bigint, 'The old ID resolves');
select is(pymap.link_client_item(900000002, 5, 'plex', 'new'), true, 'A mapping can be added by the old ID');
select is(pymap.get_media_item_by_client_id(5, 'new'), 900000001::bigint, 'And goes to the one that was kept');
select is(pg_temp.shown(900000003), '2:b; tmdb:5; X; 2000', 'Another tenant''s media item of the same IDs is untouched');

-- Events

select results_eq(
    $$
        select kind::text collate "default", media_type::text collate "default", media_item_before, media_item_after,
               evidence::text collate "default", actor, undoes
        from pymap.mapping_events where id = (select event_id from made where name = 'first')
    $$,
    $$values ('merged', 'movie', 900000002::bigint, 900000001::bigint, 'manual', session_user::text collate "default", null::bigint)$$,
    'The event that is returned tells of the merge'
);
select results_eq(
    $$
        select client_id, client_item_id collate "default", media_item_before, media_item_after
        from pymap.mapping_events where kind = 'moved' and evidence = 'merge' order by 1
    $$,
    $$values (1::bigint, 'c', 900000002::bigint, 900000001::bigint), (2, 'b', 900000002, 900000001)$$,
    'Others tell of each mapping that moved'
);
select is(pymap.merge_media_items(900000001, 900000002), null, 'Merged already: NULL');
select is(pymap.merge_media_items(900000002, 900000001), null, 'Also the other way round');
select is((select count(*) from pymap.mapping_events where kind = 'merged'), 1::bigint, 'Then there is no other event');

-- Redirects

select isnt(
    pymap.merge_media_items(p_duplicate_id => 900000001, p_keep_id => 900000004), null,
    'What others were merged into can be merged itself; arguments by name'
);
select results_eq(
    'select id, merged_into from pymap.media_items where merged_into is not null order by id',
    $$values (900000001::bigint, 900000004::bigint), (900000002, 900000004)$$, 'Older redirects follow: there is no chain'
);
select is(pg_temp.shown(900000004), '3:z 1:a 2:b 1:c 5:new; imdb:tt0000001 tmdb:5; Z; 1997', 'All in one');
select isnt(pymap.merge_media_items(900000005, 900000002), null, 'The duplicate may be named by an ID that was merged');
select isnt(pymap.merge_media_items(900000001, 900000006), null, 'So may the one to keep');
select results_eq(
    $$
        select i.id, pymap.resolve_media_item(i.id), i.merged_into
        from pymap.media_items as i where i.tenant_id = 0 order by 1
    $$,
    $$
        values (900000001::bigint, 900000005::bigint, 900000005::bigint), (900000002, 900000005, 900000005),
               (900000004, 900000005, 900000005), (900000005, 900000005, null), (900000006, 900000005, 900000005)
    $$,
    'Every ID that was ever handed out resolves in one step'
);
select is(
    pg_temp.shown(900000005), '3:z 1:a 2:b 1:c 5:new 4:f; tvdb:5 imdb:tt0000001 tmdb:5; Y; 1997',
    'With everything of them all'
);

-- What is part of them

insert into pymap.media_items (id, type, title, release_year, parent_id, parent_number, number, sync_clients, external_ids)
values
    (900000011, 'series', 'S', 2008, null, null, null, '[]', '[]'),
    (900000012, 'series', 'S', 2008, null, null, null, '[]', '[]'),
    (900000021, 'season', null, null, 900000011, null, 1, '[]', '[]'),
    (900000022, 'season', null, null, 900000012, null, 1, '[]', '[]'),
    (900000023, 'season', null, null, 900000012, null, 2, '[]', '[]'),
    (900000024, 'season', null, null, 900000012, null, 3, '[{"clientId": 7, "clientType": "emby", "itemId": "o"}]', '[]'),
    (900000025, 'season', 'Three', null, 900000011, null, 3, '[{"clientId": 7, "clientType": "emby", "itemId": "p"}]', '[]'),
    (900000031, 'episode', null, null, 900000021, 1, 1, '[{"clientId": 6, "clientType": "plex", "itemId": "e"}]', '[]'),
    (900000032, 'episode', 'One', null, 900000022, 1, 1, '[{"clientId": 7, "clientType": "emby", "itemId": "e"}]', '[]'),
    (900000033, 'episode', null, null, 900000022, 1, 2, '[]', '[]'),
    (900000034, 'episode', 'A Special', null, 900000011, null, null, '[]', '[]'),
    (900000035, 'episode', 'a special!', null, 900000012, null, null, '[]', '[]'),
    (900000036, 'episode', null, null, 900000011, 9, 1, '[]', '[{"source": "tvdb", "id": "1"}]'),
    (900000037, 'episode', null, null, 900000012, 9, 1, '[]', '[{"source": "tvdb", "id": "2"}]'),
    (900000038, 'episode', null, null, 900000011, 9, 2, '[]', '[]'),
    (900000039, 'episode', null, null, 900000012, 9, 2, '[]', '[]'),
    (900000040, 'episode', null, null, 900000012, 9, 2, '[]', '[]'),
    (900000041, 'episode', null, null, 900000011, 9, 3, '[]', '[]'),
    (900000042, 'episode', null, null, 900000012, 9, 3, '[]', '[]'),
    (900000043, 'episode', 'Same', 2001, 900000011, null, null, '[]', '[]'),
    (900000044, 'episode', 'Same', 2008, 900000012, null, null, '[]', '[]'),
    (900000045, 'episode', null, null, 900000011, 9, null, '[]', '[]'),
    (900000046, 'episode', null, null, 900000012, 9, null, '[]', '[]');
insert into pymap.media_items (tenant_id, id, type, parent_id, number) values (1, 900000051, 'season', 900000012, 1);
do $$ begin perform pymap.mark_distinct(900000041, 900000042); end $$;
insert into made values ('series', pymap.merge_media_items(900000011, 900000012));
select is(pg_temp.shown(s.id), s.shown, s.description)
from (values
    (900000011::bigint, 'S; 2008', 'The series'), (900000012, 'S; 2008; into 900000011', 'The other one'),
    (900000021, 'part of 900000011; place 1', 'A season of the same number: the older one stays'),
    (900000022, 'place 1; into 900000021', 'The other one becomes a redirect'),
    (900000023, 'part of 900000011; place 2', 'A season that only the duplicate had moves'),
    (900000024, '7:o 7:p; Three; part of 900000011; place 3', 'The older season stays, also where it is the duplicate''s'),
    (900000025, 'Three; place 3; into 900000024', 'Then that of the series that is kept goes'),
    (900000031, '6:e 7:e; One; part of 900000021; place 1x1', 'Episodes of merged seasons are merged'),
    (900000032, 'One; place 1x1; into 900000031', 'So that there is no double one'),
    (900000033, 'part of 900000021; place 1x2', 'Others of a merged season move'),
    (900000034, 'A Special; part of 900000011', 'Without a number the title decides'),
    (900000035, 'a special!; into 900000034', 'Folded'),
    (900000036, 'tvdb:1; part of 900000011; place 9x1', 'Where external IDs contradict each other'),
    (900000037, 'tvdb:2; part of 900000011; place 9x1', 'Both stay'),
    (900000039, 'part of 900000011; place 9x2', 'Two that stand at one place already'),
    (900000040, 'part of 900000011; place 9x2', 'Stay two'),
    (900000042, 'part of 900000011; place 9x3', 'Known to be distinct: both stay'),
    (900000044, 'Same; 2008; part of 900000011', 'The same title of another year'),
    (900000046, 'part of 900000011; place 9', 'And what has neither number nor title stays')
) as s (id, shown, description);
select is(
    (select parent_id from pymap.media_items where id = 900000051), 900000012::bigint, 'Another tenant''s parents stay as they were'
);
select results_eq(
    $$
        select media_item_before, media_item_after, evidence::text collate "default", weight, comparisons
        from pymap.mapping_events where kind = 'merged' and media_type <> 'movie' order by 1
    $$,
    $$
        values (900000012::bigint, 900000011::bigint, 'manual', null::integer, null::jsonb), (900000022, 900000021, 'numbers', 10, '{"place": 10}'),
               (900000025, 900000024, 'numbers', 10, '{"place": 10}'), (900000032, 900000031, 'numbers', 10, '{"place": 10}'),
               (900000035, 900000034, 'numbers', 12, '{"title": 6, "year": 2, "place": 4}')
    $$,
    'Each has its event, with what was weighed'
);
select is(
    (select media_item_before from pymap.mapping_events where id = (select event_id from made where name = 'series')), 900000012::bigint,
    'The one of the two that were named is returned'
);
select is_empty(
    $$
        select i.id from pymap.media_items as i join pymap.media_items as o on o.id in (i.parent_id, i.merged_into)
        where i.tenant_id = 0 and o.merged_into is not null
    $$,
    'Neither a redirect nor a parent leads to a redirect'
);
select is_empty($$select * from pymap.check_integrity() where severity = 'error'$$, 'Nothing is damaged');

-- Refused

insert into pymap.media_items (id, type, parent_id, merged_into) values
    (900000061, 'movie', null, null), (900000062, 'movie', null, null), (900000063, 'movie', null, null),
    (900000064, 'series', null, null), (900000065, 'collection', null, null), (900000066, 'collection', 900000065, null),
    (900000068, 'collection', 900000066, null),
    (900000067, 'movie', null, 900000061);
do $$
begin
    perform pymap.mark_distinct(900000061, 900000062);
    perform pymap.merge_media_items(900000063, 900000061);
end
$$;
create temporary table before_refusals as select * from pymap.media_items;
select matches(helpers.refusal(format('select pymap.merge_media_items(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('900000063, 900000063', '^22023\|p_duplicate_id is ''900000063''\.\|.+', 'the same ID twice'),
    ('900000061, 900000061', '^22023\|p_duplicate_id is ''900000063''\.\|.+', 'also that of a redirect'),
    ('900000062, 900000064', '^22023\|p_duplicate_id is ''900000064''\.\|.*series.*movie', 'different types'),
    ('900000065, 900000066', '^22023\|p_duplicate_id is ''900000066''\.\|.*900000065.*part', 'a part of the one that is kept'),
    ('900000066, 900000065', '^22023\|p_duplicate_id is ''900000065''\.\|.*900000066.*part', 'what it is part of'),
    ('900000065, 900000068', '^22023\|p_duplicate_id is ''900000068''\.\|.*900000065.*part', 'a part of a part'),
    ('900000068, 900000065', '^22023\|p_duplicate_id is ''900000065''\.\|.*900000068.*part', 'and what that is part of'),
    ('999999999, 900000062', '^P0002\|p_keep_id is 999999999.*\|.+', 'a media item to keep that does not exist'),
    ('900000062, 999999999', '^P0002\|p_duplicate_id is 999999999.*\|.+', 'a duplicate that does not exist'),
    ('null, 900000062', '^P0002\|p_keep_id is NULL.*\|.+', 'nothing to keep'),
    ('900000062, null', '^P0002\|p_duplicate_id is NULL.*\|.+', 'no duplicate'),
    ('900000062, 900000003', '^P0002\|p_duplicate_id is 900000003, p_tenant_id is 0.*\|.+', 'one of another tenant'),
    ('900000062, 900000063, 1', '^P0002\|p_keep_id is 900000062, p_tenant_id is 1.*\|.+', 'in another tenant'),
    ('900000062, 900000063, null', '^22023\|p_tenant_id is NULL.*\|.+', 'a tenant that is NULL'),
    (
        '900000062, 900000063', '^PM005\|.*900000062 and 900000063.*\|.*history\(900000063\).*',
        'distinct, because one that was merged is'
    ),
    ('900000061, 900000062', '^PM005\|.*900000063 and 900000062.*\|.+', 'also the other way round, and by an old ID')
) as b (arguments, refusal, problem);
select results_eq('select * from pymap.media_items order by id', 'select * from before_refusals order by id', 'Then nothing is written');
do $$
begin
    perform pymap.begin_client_sync(1, 'plex');
    insert into pg_temp.pymap_listing (item) values ('{"itemId": "a", "type": "movie"}');
end
$$;
select matches(
    helpers.refusal('select pymap.merge_media_items(900000063, 900000004)'), '^55000\|', 'Refused while a listing of the same transaction waits to be applied'
);

select * from finish();

rollback;
