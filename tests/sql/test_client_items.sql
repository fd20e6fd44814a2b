begin;

select plan(41);

-- A mapping with what was told of it.
create function pg_temp.row_of(p_client_id bigint, p_client_item_id text, p_media_type text default 'movie', p_tenant_id bigint default 0) returns text
language sql as $$
    select concat_ws(
        '; ', c.media_item_id, case when c.told_hash is null then 'told nothing' else 'told' end, c.title, c.title_key, case when c.title_is_unique then 'unique' end, c.release_year,
        nullif(c.external_ids, '{}'), 'part of ' || c.parent_item_id, 'that is ' || c.parent_id, nullif(concat_ws('x', c.parent_number, c.number), ''), c.path_key,
        'by ' || c.evidence, c.weight, c.comparisons
    )
    from pymap.client_items as c
    where c.tenant_id = p_tenant_id and c.client_id = p_client_id and c.client_item_id = p_client_item_id and c.media_type = p_media_type
$$;
create function pg_temp.plex(variadic p_ids text[]) returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object('clientId', 1, 'clientType', 'plex', 'itemId', i)) from unnest(p_ids) as i
$$;

-- Media items that an application writes

insert into pymap.media_items (tenant_id, id, type, title, release_year, sync_clients) values
    (0, 900000001, 'movie', 'One', 1999, pg_temp.plex('a', 'b')), (0, 900000002, 'movie', 'Two', 2001, '[]'), (0, 900000003, 'series', 'Three', null, pg_temp.plex('a')),
    (1, 900000004, 'movie', 'One', 1999, pg_temp.plex('a'));
select is(pg_temp.row_of(r.client_id, r.client_item_id, r.media_type, r.tenant_id), r.expected, 'INSERT: ' || r.description)
from (values
    (1, 'a', 'movie', 0, '900000001; told nothing', 'a mapping, whose client has told nothing: the columns are the media item''s'), (1, 'b', 'movie', 0, '900000001; told nothing', 'another one of the item'),
    (1, 'a', 'series', 0, '900000003; told nothing', 'the same ID of another media type'), (1, 'a', 'movie', 1, '900000004; told nothing', 'and of another tenant')
) as r (client_id, client_item_id, media_type, tenant_id, expected, description);

-- What is told stands beside

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "a", "type": "movie", "title": "One (1999)", "externalIds": {"Imdb": "11", "tmdb": ["22", "021"]}, "path": "/films/One (1999)/One.mkv"},
        {"itemId": "b", "type": "movie", "title": "One", "year": 1999, "data": {"own": 1}}, {"itemId": "a", "type": "series", "title": "Three"},
        {"itemId": "e", "type": "episode", "title": "É", "parentItemId": "a", "seasonNumber": 1, "episodeNumber": 2, "path": "D:\\TV\\Three\\Season 1\\1x02.mkv"}
    ]');
    perform pymap.sync_client_items(1, 'plex', '[{"itemId": "a", "type": "movie", "title": "Of another tenant", "year": 1999}]', p_tenant_id => 1);
end
$$;
select is(pg_temp.row_of(1, r.client_item_id, r.media_type), replace(r.expected, 'NEW', pymap.get_media_item_by_client_id(1, 'e')::text), 'A sync: ' || r.description)
from (values
    (
        'a', 'movie', '900000001; told; One; one; 1999; {"imdb": ["tt0000011"], "tmdb": ["21", "22"]}; one/one (1999)',
        'all that it told, canonically; two of one title are not unique'
    ),
    ('b', 'movie', '900000001; told; One; one; 1999', 'its own of each mapping; data are the media item''s'), ('a', 'series', '900000003; told; Three; three; unique', 'the title of its only series is'),
    ('e', 'episode', 'NEW; told; É; e; unique; part of a; that is 900000003; 1x2; 1x02/season 1/three', 'what it is part of, numbers, the end of the path')
) as r (client_item_id, media_type, expected, description);
select is(pg_temp.row_of(1, 'a', 'movie', 1), '900000004; told; Of another tenant; ofanothertenant; unique; 1999', 'The other tenant has its own');

-- UPDATE

create temporary table told_before as select * from pymap.client_items;
update pymap.media_items
set sync_clients = case id when 900000001 then pg_temp.plex('b') else pg_temp.plex('a') end
where id in (900000001, 900000002);
select is(
    pg_temp.row_of(1, 'a'), '900000002; told; One; one; 1999; {"imdb": ["tt0000011"], "tmdb": ["21", "22"]}; one/one (1999)',
    'A mapping that one UPDATE moves from an item to another keeps what was told'
);
select is(pymap.get_media_item_by_client_id_and_type(1, 'a', 'movie'), 900000002::bigint, 'It is found where it is now');
update pymap.media_items set sync_clients = case id when 900000001 then pg_temp.plex('a') else pg_temp.plex('b') end where id in (900000001, 900000002);
select is(
    concat_ws(' | ', pg_temp.row_of(1, 'a'), pg_temp.row_of(1, 'b')),
    '900000001; told; One; one; 1999; {"imdb": ["tt0000011"], "tmdb": ["21", "22"]}; one/one (1999) | 900000002; told; One; one; 1999', 'Two mappings are swapped'
);
update pymap.media_items set sync_clients = case id when 900000001 then pg_temp.plex('b', 'a') else '[]' end where id in (900000001, 900000002);
select results_eq('select c::text from pymap.client_items as c order by 1', 'select t::text from told_before as t order by 1', 'Back again: nothing is lost');
select matches(
    helpers.refusal($$update pymap.media_items set sync_clients = pg_temp.plex('new') where id in (900000001, 900000002)$$), '^PM001\|It stands for media item 900000001 .*cannot stand for media item 900000002 as well\.\|.+', 'Two items that claim one new mapping in one UPDATE: PM001'
);
select matches(
    helpers.refusal($$update pymap.media_items set sync_clients = pg_temp.plex('a') where id in (900000001, 900000002)$$), '^PM001\|.*a.*\|.+', 'Also one of which the one has it already'
);
insert into pymap.media_items (id, type) values (900000005, 'movie');
select matches(
    helpers.refusal($$update pymap.media_items set sync_clients = case id when 900000001 then '[]' else pg_temp.plex('a') end where id in (900000001, 900000002, 900000005)$$),
    '^PM001\|.*a.*\|.+', 'One gives it up and two take it: PM001'
);
select matches(
    helpers.refusal($$update pymap.media_items set sync_clients = pg_temp.plex('a') where id = 900000002$$), '^PM001\|.*900000001.*\|.+', 'Taking what another item keeps: PM001 says where it is'
);
select matches(helpers.refusal($$insert into pymap.media_items (type, sync_clients) values ('movie', pg_temp.plex('a'))$$), '^PM001\|.*900000001.*\|.+', 'So does an INSERT');
select matches(
    helpers.refusal($$insert into pymap.media_items (type, sync_clients) values ('movie', pg_temp.plex('x')), ('movie', pg_temp.plex('x'))$$), '^PM001\|.*as well\.\|.+', 'And one of two items with one mapping'
);
select results_eq(
    'select client_item_id, media_type, media_item_id, title from pymap.client_items order by tenant_id, client_item_id, media_type',
    'select client_item_id, media_type, media_item_id, title from told_before order by tenant_id, client_item_id, media_type', 'Nothing of all that is left'
);
update pymap.media_items set sync_clients = jsonb_set(sync_clients, '{1,own}', '1'), title = 'Other', release_year = 1950 where id = 900000001;
select results_eq('select c::text from pymap.client_items as c order by 1', 'select t::text from told_before as t order by 1', 'Keys and columns of the application''s own change nothing that was told');
update pymap.media_items set sync_clients = sync_clients || pg_temp.plex('c') where id = 900000001;
select is(pg_temp.row_of(1, 'c'), '900000001; told nothing', 'A mapping that comes later');
update pymap.media_items set sync_clients = pg_temp.plex('a', 'c') where id = 900000001;
select is(pg_temp.row_of(1, 'b'), null, 'One that goes, goes with all that was told');
update pymap.media_items set sync_clients = pg_temp.plex('a', 'b', 'c') where id = 900000001;
select is(pg_temp.row_of(1, 'b'), '900000001; told nothing', 'Written again it has told nothing');
update pymap.media_items set type = 'video' where id = 900000001;
select results_eq(
    $$select media_type collate "default", count(*), count(told_hash) from pymap.client_items where client_id = 1 and media_item_id = 900000001 group by 1$$, $$values ('video', 3::bigint, 0::bigint)$$,
    'Of another type they are other mappings, which have told nothing'
);
select is(pg_temp.row_of(1, 'a', 'movie'), null, 'And no longer the old ones');
update pymap.media_items set type = 'movie' where id = 900000001;

-- DELETE

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "a", "type": "movie", "title": "One"}, {"itemId": "b", "type": "movie", "title": "One"}, {"itemId": "c", "type": "movie", "title": "One"},
        {"itemId": "a", "type": "series", "title": "Three"}, {"itemId": "e", "type": "episode", "title": "É", "parentItemId": "a", "seasonNumber": 1, "episodeNumber": 2}
    ]');
end
$$;
delete from pymap.media_items where id = 900000003;
select is(pg_temp.row_of(1, 'a', 'series'), null, 'DELETE takes the mappings of an item away');
select is(
    (select concat_ws(' ', title, parent_item_id, parent_id, parent_number, number) from pymap.client_items where client_item_id = 'e'), 'É a 1 2', 'A part of it stays, told as it was, below nothing'
);
select is((select count(*) from pymap.client_items where media_item_id = 900000001 and told_hash is not null), 3::bigint, 'Others stay');
delete from pymap.media_items where tenant_id = 0 and id = 900000001;
select results_eq(
    'select tenant_id, client_item_id collate "default" from pymap.client_items order by 1', $$values (0::bigint, 'e'), (1, 'a')$$, 'Three mappings in one DELETE; another tenant''s stay'
);

-- A sync and a write of the application after one another

insert into pymap.media_items (id, type, sync_clients) values (900000006, 'movie', pg_temp.plex('w'));
select results_eq(
    $$select action, media_item_id from pymap.sync_client_items(1, 'plex', '[{"itemId": "w", "type": "movie", "title": "Written", "year": 1999, "externalIds": {"imdb": "7"}}]')$$, $$values ('kept', 900000006::bigint)$$,
    'A sync keeps what an application wrote'
);
select is(pg_temp.row_of(1, 'w'), '900000006; told; Written; written; unique; 1999; {"imdb": ["tt0000007"]}', 'And tells of it');
select results_eq(
    'select title, release_year, external_ids from pymap.media_items where id = 900000006', $$values ('Written', 1999, '[{"source": "imdb", "id": "tt0000007"}]'::jsonb)$$, 'The item learns'
);
select results_eq(
    $$select action, media_item_id from pymap.sync_client_items(1, 'plex', '[{"itemId": "w", "type": "movie", "title": "Corrected", "year": 1999, "externalIds": {"imdb": "7"}}]')$$, $$values ('kept', 900000006::bigint)$$,
    'The server corrects the title'
);
select is(pg_temp.row_of(1, 'w'), '900000006; told; Corrected; corrected; unique; 1999; {"imdb": ["tt0000007"]}', 'Told is what was told last');
select is((select title from pymap.media_items where id = 900000006), 'Corrected', 'While it is the only client the item follows it');
do $$ begin perform pymap.sync_client_items(2, 'emby', '[{"itemId": "v", "type": "movie", "title": "Corrigé", "year": 1999, "externalIds": {"imdb": "7"}}]'); end $$;
select is(
    pg_temp.row_of(2, 'v'), '900000006; told; Corrigé; corrige; unique; 1999; {"imdb": ["tt0000007"]}; by external_ids; 12; {"imdb": 12, "year": 3, "title": -3}', 'What another client told stands beside, with why it is there'
);
select is((select title from pymap.media_items where id = 900000006), 'Corrected', 'The title is that of the first');
create temporary table rows_before as select ctid::text as place, xmin::text as version, c::text as stored from pymap.client_items as c;
do $$ begin perform pymap.sync_client_items(2, 'emby', '[{"year": 1999, "itemId": "v", "title": "Corrigé", "externalIds": {"imdb": "7"}, "data": {"new": 1}, "type": "movie"}]'); end $$;
select results_eq(
    'select ctid::text, xmin::text, c::text from pymap.client_items as c order by 1', 'select * from rows_before order by 1', 'The same told in another order, with other data, writes nothing'
);

-- TRUNCATE

truncate pymap.media_items;
select is_empty('select from pymap.client_items', 'TRUNCATE takes all away');
select is_empty('select * from pymap.check_integrity()', 'And leaves no damage');

select * from finish();

rollback;
