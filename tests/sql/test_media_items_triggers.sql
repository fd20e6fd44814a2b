begin;

select plan(111);

-- What an array looks like once it is stored.
create function pg_temp.stored(p_sync_clients jsonb) returns jsonb language plpgsql as $$
begin
    insert into pymap.media_items (id, type, sync_clients) values (100, 'movie', p_sync_clients) returning sync_clients into p_sync_clients;
    delete from pymap.media_items where id = 100;
    return p_sync_clients;
exception when others then
    return to_jsonb(sqlerrm);
end
$$;

-- What the lookup tables have and the arrays have not, or the other way round.
create function pg_temp.disagreements() returns setof text language sql as $$
    with mappings as (
        select i.tenant_id, s."clientId", s."itemId", i.type, i.id
        from pymap.media_items as i, jsonb_to_recordset(i.sync_clients) as s ("clientId" bigint, "itemId" text)
    ),
    mapping_rows as (select tenant_id, client_id, client_item_id, media_type, media_item_id from pymap.client_items),
    external_ids as (
        select i.tenant_id, e.source, e.id as external_id, i.type, i.id
        from pymap.media_items as i, jsonb_to_recordset(i.external_ids) as e (source text, id text)
    ),
    external_id_rows as (select tenant_id, source, external_id, media_type, media_item_id from pymap.external_ids)
    select 'array only: ' || a::text from (table mappings except table mapping_rows) as a
    union all select 'lookup only: ' || a::text from (table mapping_rows except table mappings) as a
    union all select 'array only: ' || a::text from (table external_ids except table external_id_rows) as a
    union all select 'lookup only: ' || a::text from (table external_id_rows except table external_ids) as a;
$$;

create function pg_temp.plex(variadic p_item_ids text[]) returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object('clientId', 1, 'clientType', 'plex', 'itemId', i)) from unnest(p_item_ids) as i;
$$;

-- Which media item each Plex ID leads to: {"abc": 101, …}.
create function pg_temp.found(p_media_type text default null) returns jsonb language sql as $$
    select coalesce(jsonb_object_agg(client_item_id, media_item_id), '{}') from pymap.sync_clients_list(1, p_media_type);
$$;

-- What is accepted, and how it is stored

select is(pg_temp.stored(jsonb_build_array(v.written::jsonb)), jsonb_build_array(v.stored::jsonb), 'Stored canonically: ' || v.description)
from (values
    ('{"clientId": 1, "clientType": "plex", "itemId": "a"}', '{"clientId": 1, "clientType": "plex", "itemId": "a"}', 'the canonical form itself'),
    ('{"id": 1, "clientType": "plex", "itemId": "a"}', '{"clientId": 1, "clientType": "plex", "itemId": "a"}', 'the older key id'),
    ('{"clientID": 1, "clientType": "plex", "itemID": "a"}', '{"clientId": 1, "clientType": "plex", "itemId": "a"}', 'the older keys clientID and itemID'),
    (
        '{"id": 1, "clientID": 1, "clientId": 1, "clientType": "plex", "itemID": "a", "itemId": "a"}',
        '{"clientId": 1, "clientType": "plex", "itemId": "a"}', 'all keys at once, where they agree'
    ),
    ('{"clientId": "1", "clientType": "plex", "itemId": 7}', '{"clientId": 1, "clientType": "plex", "itemId": "7"}', 'a number as itemId, text as clientId'),
    ('{"clientId": 1, "clientType": "plex", "itemId": 12345678901234567890}', '{"clientId": 1, "clientType": "plex", "itemId": "12345678901234567890"}', 'a number beyond bigint as itemId'),
    (
        '{"id": 1, "clientType": "plex", "itemId": "007", "edition": "4K", "x": [1, null]}',
        '{"clientId": 1, "clientType": "plex", "itemId": "007", "edition": "4K", "x": [1, null]}', 'keys that pymap does not know are kept'
    ),
    (
        '{"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}',
        '{"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}', 'a Jellyfin GUID'
    ),
    (
        '{"clientId": 1, "clientType": "plex", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}',
        '{"clientId": 1, "clientType": "plex", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}', 'the GUID of another client type stays as it is'
    ),
    (
        '{"clientId": 9223372036854775807, "clientType": "my-server_2", "itemId": "a"}',
        '{"clientId": 9223372036854775807, "clientType": "my-server_2", "itemId": "a"}', 'the largest bigint, any lower-case word as client type'
    )
) as v (written, stored, description);
select is(
    pg_temp.stored(pg_temp.plex(repeat('é', 512))), pg_temp.plex(repeat('é', 512)), 'An ID of 1,024 bytes'
);
select is(
    pg_temp.stored(pg_temp.plex('a', 'b', 'a') || '{"id": 1, "clientType": "plex", "itemID": "b"}'), pg_temp.plex('a', 'b'),
    'A mapping stands in its array once, in whatever spelling it is repeated'
);
select is(
    jsonb_array_length(pg_temp.stored('[
        {"clientId": 4, "clientType": "jellyfin", "itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2"},
        {"clientId": 4, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}
    ]')), 1, 'Two spellings of a Jellyfin GUID are one mapping'
);
select is(
    pg_temp.stored(pg_temp.plex('a', 'A', '7', '007')), pg_temp.plex('a', 'A', '7', '007'),
    'IDs that differ in a byte are different mappings, in the order in which they were written'
);

insert into pymap.media_items (id, type) values (101, 'movie');
update pymap.media_items set sync_clients = '[{"id": 1, "clientType": "plex", "itemID": 8, "note": true}]' where id = 101;
select is(
    sync_clients, '[{"clientId": 1, "clientType": "plex", "itemId": "8", "note": true}]', 'An UPDATE is stored canonically too'
)
from pymap.media_items
where id = 101;
select is(pymap.get_media_item_by_client_id(1, '8'), 101::bigint, 'What was written in an older spelling is found');

-- What is refused, with nothing written

select matches(
    helpers.refusal(format(
        'insert into pymap.media_items (id, type, sync_clients) values (198, ''movie'', %L), (199, ''movie'', %L)',
        pg_temp.plex('good'), b.sync_clients
    )), '^22023\|.+\|.+', 'Refused with DETAIL and HINT: ' || b.problem
)
from (values
    (null, 'no array (NULL)'),
    ('{"clientId": 1, "clientType": "plex", "itemId": "a"}', 'no array (an object)'),
    ('["a"]', 'an element that is no object'),
    ('[null]', 'an element that is null'),
    ('[[{"clientId": 1, "clientType": "plex", "itemId": "a"}]]', 'an array in the array'),
    ('[{}]', 'an empty element'),
    ('[{"clientType": "plex", "itemId": "a"}]', 'no clientId'),
    ('[{"clientId": null, "clientType": "plex", "itemId": "a"}]', 'clientId null'),
    ('[{"clientId": 0, "clientType": "plex", "itemId": "a"}]', 'clientId 0'),
    ('[{"clientId": -1, "clientType": "plex", "itemId": "a"}]', 'a negative clientId'),
    ('[{"clientId": 1.5, "clientType": "plex", "itemId": "a"}]', 'a fraction as clientId'),
    ('[{"clientId": 9223372036854775808, "clientType": "plex", "itemId": "a"}]', 'a clientId beyond bigint'),
    ('[{"clientId": "one", "clientType": "plex", "itemId": "a"}]', 'a word as clientId'),
    ('[{"clientId": true, "clientType": "plex", "itemId": "a"}]', 'a boolean as clientId'),
    ('[{"clientId": 1, "itemId": "a"}]', 'no clientType'),
    ('[{"clientId": 1, "clientType": "", "itemId": "a"}]', 'an empty clientType'),
    ('[{"clientId": 1, "clientType": "Plex", "itemId": "a"}]', 'a clientType in upper case'),
    ('[{"clientId": 1, "clientType": "' || repeat('a', 51) || '", "itemId": "a"}]', 'a clientType of 51 characters'),
    ('[{"clientId": 1, "clientType": 5, "itemId": "a"}]', 'a number as clientType'),
    ('[{"clientId": 1, "clientType": "plex"}]', 'no itemId'),
    ('[{"clientId": 1, "clientType": "plex", "itemId": null}]', 'itemId null'),
    ('[{"clientId": 1, "clientType": "plex", "itemId": ""}]', 'an empty itemId'),
    ('[{"clientId": 1, "clientType": "plex", "itemId": true}]', 'a boolean as itemId'),
    ('[{"clientId": 1, "clientType": "plex", "itemId": {"a": 1}}]', 'an object as itemId'),
    ('[{"clientId": 1, "clientType": "plex", "itemId": "' || repeat('a', 1025) || '"}]', 'an itemId of 1,025 bytes'),
    ('[{"clientId": 1, "clientType": "plex", "itemId": "' || repeat('é', 513) || '"}]', 'an itemId of 513 characters that are 1,026 bytes'),
    ('[{"clientId": 1, "id": 2, "clientType": "plex", "itemId": "a"}]', 'clientId and id that disagree'),
    ('[{"clientId": 1, "clientID": 2, "clientType": "plex", "itemId": "a"}]', 'clientId and clientID that disagree'),
    ('[{"clientId": 1, "clientType": "plex", "itemId": "a", "itemID": "b"}]', 'itemId and itemID that disagree')
) as b (sync_clients, problem);
select is(pymap.get_media_item_by_client_id(1, 'good'), null, 'The other rows of a refused statement are not written either');
select matches(
    helpers.refusal($$update pymap.media_items set sync_clients = '[{"clientId": 1, "clientType": "plex", "itemId": ""}]' where id = 101$$),
    '^22023\|.*itemId is ''''.*\|.+', 'An UPDATE is refused just so, with the key and its value'
);
select matches(
    helpers.refusal(format('insert into pymap.media_items (type, external_ids) values (''movie'', %L)', b.external_ids)),
    '^22023\|.+\|.+', 'Refused with DETAIL and HINT: ' || b.problem
)
from (values
    ('"tt0133093"', 'external IDs that are no array'),
    ('[{"source": "imdb"}]', 'an external ID without id'),
    ('[{"id": "tt0133093"}]', 'an external ID without source'),
    ('["tt0133093"]', 'an external ID that is no object'),
    ('[[{"source": "imdb", "id": "tt0133093"}]]', 'an array in the array of external IDs')
) as b (external_ids, problem);
select is(
    helpers.refusal('insert into pymap.media_items (type) values (''film'')') ~ '^(23503|22023)\|.+', true,
    'An unknown media type is refused'
);

-- Conflicts

update pymap.media_items set sync_clients = pg_temp.plex('a'), title = 'The Matrix' where id = 101;
select matches(
    helpers.refusal('insert into pymap.media_items (id, type, sync_clients) values (102, ''movie'', pg_temp.plex(''b'', ''a''))'),
    '^PM001\|.*101.*The Matrix.*\|.+', 'A mapping that another item has: PM001 says where'
);
select is(pg_temp.found(), '{"a": 101}', 'Nothing of it is written');
select matches(
    helpers.refusal($$
        insert into pymap.media_items (id, type, sync_clients)
        select 200 + n, 'movie', pg_temp.plex('new-' || n, case n when 9 then 'new-3' else 'more-' || n end) from generate_series(1, 10) as n
    $$),
    '^PM001\|.*20[39].*\|.+', 'Two rows of one INSERT that claim the same mapping: PM001'
);
select is(pg_temp.found(), '{"a": 101}', 'None of the rows is written');
insert into pymap.media_items (id, type, sync_clients) values (102, 'movie', pg_temp.plex('b'));
select matches(
    helpers.refusal('update pymap.media_items set sync_clients = sync_clients || pg_temp.plex(''a'') where id = 102'),
    '^PM001\|.*101.*\|.+', 'An UPDATE that takes a mapping away from another item: PM001'
);
select is(pg_temp.found(), '{"a": 101, "b": 102}', 'The UPDATE has changed nothing');
select matches(
    helpers.refusal($$insert into pymap.media_items (type, sync_clients) values ('movie', '[{"clientId": 1, "clientType": "emby", "itemId": "c"}]')$$),
    '^PM003\|.*plex.*\|.+', 'A client of another type: PM003 names the type that it has'
);
select matches(
    helpers.refusal($$
        insert into pymap.media_items (type, sync_clients)
        values ('movie', '[{"clientId": 77, "clientType": "emby", "itemId": "c"}, {"clientId": 77, "clientType": "plex", "itemId": "d"}]')
    $$),
    '^PM003\|.+\|.+', 'A client with two types in one array: PM003'
);
select matches(
    helpers.refusal($$
        insert into pymap.media_items (type, sync_clients)
        values ('movie', '[{"clientId": 78, "clientType": "emby", "itemId": "c"}, {"clientId": 78, "clientType": "plex", "itemId": "c"}]')
    $$),
    '^(PM003|22023)\|.+\|.+', 'The same mapping with two client types in one array is refused, not folded'
);
select matches(
    helpers.refusal($$
        insert into pymap.media_items (type, sync_clients) values
            ('movie', '[{"clientId": 77, "clientType": "emby", "itemId": "c"}]'), ('movie', '[{"clientId": 77, "clientType": "plex", "itemId": "d"}]')
    $$),
    '^PM003\|.+\|.+', 'A client with two types in one statement: PM003'
);
select is_empty('select * from pymap.sync_clients_list(77)', 'Nothing of that is written');

-- Statements of every kind

delete from pymap.media_items;
select is(pg_temp.found(), '{}', 'DELETE takes the mappings away');

insert into pymap.media_items (id, type, sync_clients) values
    (101, 'movie', pg_temp.plex('1')), (102, 'series', pg_temp.plex('1')), (103, 'episode', pg_temp.plex('1')),
    (104, 'movie', pg_temp.plex('4', '4-4K'));
select results_eq(
    'select media_type, media_item_id, client_item_id from pymap.sync_clients_list(1) order by media_item_id, client_item_id',
    $$values ('movie', 101::bigint, '1'), ('series', 102, '1'), ('episode', 103, '1'), ('movie', 104, '4'), ('movie', 104, '4-4K')$$,
    'One INSERT of many rows: the same ID for three media types, two editions of one item'
);

update pymap.media_items set sync_clients = sync_clients || pg_temp.plex('extra-' || id);
select is(
    pg_temp.found('movie'), '{"1": 101, "extra-101": 101, "4": 104, "4-4K": 104, "extra-104": 104}', 'One UPDATE of many rows adds'
);
update pymap.media_items set sync_clients = sync_clients - -1;
select is(pg_temp.found('movie'), '{"1": 101, "4": 104, "4-4K": 104}', 'One UPDATE of many rows removes');

update pymap.media_items
set sync_clients = case id when 101 then pg_temp.plex('4', '4-4K') else pg_temp.plex('1') end
where id in (101, 104);
select is(pg_temp.found('movie'), '{"1": 104, "4": 101, "4-4K": 101}', 'Two items swap their mappings in one UPDATE');

update pymap.media_items set type = 'series' where id = 101;
select is(pg_temp.found('movie'), '{"1": 104}', 'A change of type takes the mappings away from the old type');
select is(pg_temp.found('series'), '{"1": 102, "4": 101, "4-4K": 101}', 'And gives them to the new one');
select matches(
    helpers.refusal('update pymap.media_items set type = ''series'' where id = 104'), '^PM001\|.*102.*\|.+',
    'A change of type that runs into another mapping: PM001'
);
select is(pg_temp.found('movie'), '{"1": 104}', 'The type has not changed');
update pymap.media_items set type = case type when 'series' then 'movie' else 'series' end where id in (102, 104);
select is(pg_temp.found('movie') -> '1', '102', 'Two items with the same ID swap their types in one UPDATE');

insert into pymap.media_items (id, type, sync_clients) values (105, 'movie', pg_temp.plex('104')), (103, 'episode', pg_temp.plex('1', '3'))
on conflict (tenant_id, id) do update set sync_clients = excluded.sync_clients;
select is(
    pg_temp.found('movie') || pg_temp.found('episode'), '{"1": 103, "3": 103, "104": 105}',
    'INSERT … ON CONFLICT DO UPDATE: the inserted row and the updated row'
);
insert into pymap.media_items (id, type, sync_clients) values (106, 'movie', pg_temp.plex('104')), (105, 'movie', '[]')
on conflict (id) do update set sync_clients = excluded.sync_clients;
select is(pg_temp.found('movie') -> '104', '106', 'The inserted row may take over what the updated row gives up');

merge into pymap.media_items as i
using (values (106, pg_temp.plex('106')), (107, pg_temp.plex('107'))) as s (id, sync_clients) on i.tenant_id = 0 and i.id = s.id
when matched then update set sync_clients = s.sync_clients
when not matched then insert (id, type, sync_clients) values (s.id, 'movie', s.sync_clients);
select is(pg_temp.found('movie'), '{"1": 102, "106": 106, "107": 107}', 'MERGE');
select is(
    helpers.refusal($$
        merge into pymap.media_items as i
        using (values (107, '[]'), (108, pg_temp.plex('107'))) as s (id, sync_clients) on i.tenant_id = 0 and i.id = s.id
        when matched then update set sync_clients = s.sync_clients
        when not matched then insert (id, type, sync_clients) values (s.id, 'movie', s.sync_clients)
    $$),
    'no error', 'The row that MERGE inserts may take over what the row that it updates gives up'
);
select is(
    helpers.refusal($$
        merge into pymap.media_items as i
        using (values (108), (109)) as s (id) on i.tenant_id = 0 and i.id = s.id
        when matched then delete
        when not matched then insert (id, type, sync_clients) values (s.id, 'movie', pg_temp.plex('107'))
    $$),
    'no error', 'And what the row that it deletes gives up'
);
select is(pg_temp.found('movie') -> '107', '109', 'The mapping has moved on');
select is_empty('select * from pg_temp.disagreements()', 'After all this the lookup tables agree with the arrays, row by row');

create temporary table rows_before as
select ctid::text as place, client_id, client_item_id, media_type from pymap.client_items
union all
select ctid::text, slot, external_id, source from pymap.external_ids;
update pymap.media_items set title = 'x', release_year = 1999, data = '{"a": 1}', sync_clients = sync_clients;
select results_eq(
    $$
        select ctid::text, client_id, client_item_id, media_type from pymap.client_items
        union all
        select ctid::text, slot, external_id, source from pymap.external_ids
        order by 1, 2, 3, 4
    $$,
    'select * from rows_before order by 1, 2, 3, 4', 'An UPDATE that changes neither array leaves the lookup rows alone'
);

select matches(
    helpers.refusal(format('update pymap.media_items set %s where id = 102', c.change)), '^22023\|.+\|.+', 'A media item keeps its ' || c.what
)
from (values ('id = 999', 'ID'), ('tenant_id = 1', 'tenant')) as c (change, what);
select isnt_empty('select from pymap.media_items where tenant_id = 0 and id = 102', 'The item is where it was');

-- External IDs

update pymap.media_items set external_ids = '[]';
update pymap.media_items
set type = 'movie', external_ids = '[
    {"source": "IMDB", "id": "133093"}, {"source": "imdb", "id": "tt0133093", "rank": 2}, {"source": "imdb", "id": "tt10838180"},
    {"source": "tmdb", "id": 603}, {"source": "tvdb", "id": "0"}, {"source": "TmdbCollection", "id": "2344"}
]'
where id in (105, 106);
select is(
    external_ids, '[{"source": "imdb", "id": "tt0133093"}, {"source": "imdb", "id": "tt10838180"}, {"source": "tmdb", "id": "603"}]',
    'External IDs are stored canonically, each once, without placeholders'
)
from pymap.media_items
where id = 105;
select results_eq(
    $$select s.id, pymap.get_media_items_by_external_id(s.source, s.id) from (values ('imdb', 'tt0133093'), ('imdb', 'tt10838180'), ('tmdb', '603')) as s (source, id)$$,
    $$values ('tt0133093', 105::bigint), ('tt0133093', 106), ('tt10838180', 105), ('tt10838180', 106), ('603', 105), ('603', 106)$$,
    'Two items share several external IDs, two of one source among them'
);
update pymap.media_items set external_ids = external_ids - 2 where id = 105;
select results_eq(
    $$select pymap.get_media_items_by_external_id('tmdb', '603')$$, 'values (106::bigint)',
    'What the first of them gives up stays with the other'
);
update pymap.media_items set type = 'series' where id = 106;
select results_eq(
    $$select pymap.get_media_items_by_external_id('imdb', 'tt0133093', 'series')$$, 'values (106::bigint)',
    'A change of type moves external IDs'
);
delete from pymap.media_items where id = 105;
select results_eq(
    $$select pymap.get_media_items_by_external_id('imdb', 'tt0133093')$$, 'values (106::bigint)', 'DELETE takes the external IDs away'
);
select is_empty('select * from pg_temp.disagreements()', 'The lookup tables agree with the arrays again');

-- Many rows, and none

insert into pymap.media_items (id, type, sync_clients, external_ids)
select 1000 + n, (array['movie', 'series', 'track'])[1 + n % 3],
       pg_temp.plex('m' || n, 'n' || n), jsonb_build_array(jsonb_build_object('source', 'tvdb', 'id', 1 + n % 50), jsonb_build_object('source', 'tmdb', 'id', 1 + n))
from generate_series(1, 1000) as n;
update pymap.media_items
set sync_clients = pg_temp.plex('m' || (1000 + (id + 2) % 999), 'o' || id),
    type = case when id % 7 = 0 then 'photo' else type end,
    external_ids = case when id % 5 = 0 then '[]' else external_ids end
where id > 1000;
delete from pymap.media_items where id % 11 = 0;
select is_empty('select * from pg_temp.disagreements()', 'A thousand rows inserted, changed and deleted: lookup tables and arrays agree');

-- What refers to a media item that is deleted

insert into pymap.media_items (tenant_id, id, type, parent_id, parent_number, number, merged_into) values
    (0, 301, 'series', null, null, null, null), (0, 302, 'season', 301, null, 1, null), (0, 303, 'episode', 301, 1, 1, null), (0, 304, 'series', null, null, null, 301),
    (0, 305, 'series', null, null, null, 301), (0, 306, 'series', null, null, null, null), (0, 307, 'episode', 306, 1, 1, null), (0, 308, 'series', null, null, null, 306),
    (1, 309, 'series', null, null, null, null), (1, 310, 'episode', 309, 1, 1, null);
insert into pymap.review_candidates (tenant_id, media_item_id, candidate_id, evidence, weight, comparisons)
select r.tenant_id, r.media_item_id, r.candidate_id, r.evidence, 6, '{}'
from (values
    (0, 301, 306, 'title'), (0, 306, 301, 'title'), (0, 306, 304, 'title'), (0, 307, 303, 'numbers'), (1, 309, 310, 'title'), (1, 301, 309, 'title')
) as r (tenant_id, media_item_id, candidate_id, evidence);
create temporary table others_before as select ctid::text as place, * from pymap.media_items where id in (306, 307, 308, 309, 310);
delete from pymap.media_items where id = 301;
select results_eq(
    'select id, parent_id, parent_number, number from pymap.media_items where id in (302, 303) order by id', $$values (302::bigint, null::bigint, null::integer, 1), (303, null, 1, 1)$$,
    'The children of a deleted item stay, without a parent'
);
select is_empty('select from pymap.media_items where id in (301, 304, 305)', 'The redirects to it go with it');
select results_eq(
    'select tenant_id, media_item_id, candidate_id from pymap.review_candidates order by 1, 2, 3', $$values (0::bigint, 307::bigint, 303::bigint), (1, 301, 309), (1, 309, 310)$$,
    'Its reviews go, as media item and as candidate, also those of the redirects'
);
select results_eq(
    'select ctid::text, * from pymap.media_items where id in (306, 307, 308, 309, 310) order by id', 'table others_before order by id', 'Other items, their redirects and other tenants are not written'
);
delete from pymap.media_items where id = 308;
select isnt_empty('select from pymap.media_items where id = 306', 'A redirect can be deleted without the item that it leads to');
delete from pymap.media_items where id in (303, 306, 307);
select is_empty('select from pymap.media_items where id in (303, 306, 307)', 'A parent and its child in one DELETE');
select results_eq('select tenant_id, media_item_id from pymap.review_candidates order by 1, 2', $$values (1::bigint, 301::bigint), (1, 309)$$, 'Their reviews go too; those of another tenant stay');

-- A merged item is a redirect and nothing else

insert into pymap.media_items (id, type, merged_into) values (311, 'season', 302);
select throws_ok(format('update pymap.media_items set %s where id = 311', c.change), '23514', null, 'A merged item cannot have ' || c.what)
from (values
    ('sync_clients = pg_temp.plex(''merged'')', 'mappings'), ('external_ids = ''[{"source": "imdb", "id": "tt0133093"}]''', 'external IDs'),
    ('parent_id = 302', 'a parent'), ('merged_into = 311', 'itself as target')
) as c (change, what);
select is(pymap.get_media_item_by_client_id(1, 'merged'), null, 'Nothing of that is written');
select lives_ok('update pymap.media_items set merged_into = null, sync_clients = pg_temp.plex(''merged'') where id = 311', 'Once it is no redirect any more it can');
select throws_ok('update pymap.media_items set merged_into = 302 where id = 311', '23514', null, 'An item that has mappings cannot become a redirect');
select is_empty('select * from pg_temp.disagreements()', 'The lookup tables agree with the arrays after that');

update pymap.media_items set sync_clients = '[{}]' where false;
delete from pymap.media_items where false;
select is_empty('select * from pg_temp.disagreements()', 'Statements that find no row change nothing');

truncate pymap.media_items;
select is(
    (select count(*) from pymap.sync_clients_list(1)) + (select count(*) from pymap.get_media_items_by_external_id('imdb', 'tt0133093')), 0::bigint,
    'TRUNCATE takes everything away'
);
select is_empty('select * from pg_temp.disagreements()', 'TRUNCATE leaves nothing in the lookup tables');
select is_empty('select from pymap.review_candidates', 'Nor among the reviews');

select * from finish();

rollback;
