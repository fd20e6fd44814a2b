begin;

select plan(97);

-- Media items that are there before every batch.
insert into pymap.media_items (id, type, title, external_ids) values
    (900000001, 'movie', 'One', '[{"source": "tmdb", "id": "1"}]'),
    (900000002, 'movie', 'Two', '[{"source": "tmdb", "id": "2"}, {"source": "imdb", "id": "tt0000002"}]'),
    (900000003, 'series', 'Three', '[{"source": "tmdb", "id": "1"}]'),
    (900000004, 'movie', 'Four', '[{"source": "imdb", "id": "tt0000004"}]'),
    (900000005, 'movie', 'Five', '[{"source": "imdb", "id": "tt0000005"}]'),
    (900000006, 'movie', 'Six', '[{"source": "imdb", "id": "tt0000006"}, {"source": "tmdb", "id": "6"}]'),
    (900000007, 'movie', 'Seven', '[{"source": "imdb", "id": "tt0000006"}, {"source": "tmdb", "id": "7"}]'),
    (900000008, 'movie', 'Eight', '[{"source": "tvdb", "id": "8"}]'),
    (900000009, 'movie', 'Nine', '[{"source": "tvdb", "id": "8"}]'),
    (900000010, 'movie', 'Ten', '[{"source": "anidb", "id": "10"}]'),
    (900000011, 'movie', 'Eleven', '[{"source": "anidb", "id": "10"}, {"source": "tmdb", "id": "11"}]');
do $$ begin perform pymap.get_or_create_mapping(1, 'plex', 'known', 'movie', 'Known', p_external_ids => '{"imdb": "tt0000010"}'); end $$;

-- What a batch does, without its traces: which items it puts together, into what media item.
create function pg_temp.outcome(p_items jsonb, p_client_type text default 'plex') returns jsonb language plpgsql as $$
declare
    v_outcome jsonb;
begin
    create temporary table answer on commit drop as select * from pymap.get_or_create_mappings(1, p_client_type, p_items);
    select jsonb_agg(g.outcome order by g.outcome)
    into v_outcome
    from (
        select jsonb_build_object(
            'ids', jsonb_agg(a.media_type || ' ' || a.client_item_id order by a.media_type, a.client_item_id),
            'actions', jsonb_agg(distinct a.action),
            'existing', case when a.media_item_id >= 900000000 then a.media_item_id end,
            'title', min(i.title), 'year', min(i.release_year), 'data', min(i.data::text),
            'external_ids', (
                select jsonb_agg(e.source || ' ' || e.id order by e.source, e.id)
                from jsonb_to_recordset((array_agg(i.external_ids))[1]) as e (source text, id text)
            ),
            'mappings', (array_agg(jsonb_array_length(i.sync_clients)))[1]
        ) as outcome
        from answer as a
        left join pymap.media_items as i on i.id = a.media_item_id
        group by a.media_item_id
    ) as g;
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_outcome;
end
$$;

-- Only which items are together.
create function pg_temp.groups(p_items jsonb, p_client_type text default 'plex') returns text language sql as $$
    select string_agg(g.ids, ', ' order by g.ids)
    from (
        select string_agg(i.id, ' + ' order by i.id) || coalesce(' = ' || (e.outcome ->> 'existing'), '') as ids
        from jsonb_array_elements(pg_temp.outcome(p_items, p_client_type)) as e (outcome),
             jsonb_array_elements_text(e.outcome -> 'ids') as i (id)
        group by e.outcome
    ) as g;
$$;

create function pg_temp.permutations(p_items jsonb) returns setof jsonb language plpgsql as $$
begin
    if jsonb_array_length(p_items) < 2 then
        return next p_items;
    else
        return query
        select jsonb_build_array(p_items -> i) || p
        from generate_series(0, jsonb_array_length(p_items) - 1) as i, pg_temp.permutations(p_items - i) as p;
    end if;
end
$$;

-- One batch of everything

create temporary table first_answer as
select *
from pymap.get_or_create_mappings(
    p_items => '[
        {"itemId": "known", "type": "movie", "title": "Changed", "year": 2000, "externalIds": {"imdb": "tt9999999"}},
        {"itemId": 12, "type": "movie", "title": "New", "year": 1999, "externalIds": {"Imdb": "15", "Tmdb": ["12", "0013"], "Tvdb": "0"}, "data": {"seen": true}},
        {"error": "no itemId", "item": {"x": 1}},
        {"itemId": "1", "type": "movie", "title": "Uno", "year": 1950, "externalIds": [{"source": "tmdb", "id": "1"}, {"source": "tvdb", "id": "11"}]},
        {"itemId": "1", "type": "series", "externalIds": {"tmdb": 1}},
        {"itemId": "bare", "type": "episode"},
        {"itemId": "nulls", "type": "track", "title": null, "year": null, "externalIds": null, "data": null, "parentItemId": null}
    ]',
    p_client_type => 'plex', p_client_id => 1
) with ordinality as a (client_item_id, media_type, media_item_id, action, position);
select results_eq(
    'select client_item_id, media_type, action from first_answer order by position',
    $$
        values ('known', 'movie', 'kept'), ('12', 'movie', 'created'), (null, null, 'unusable'), ('1', 'movie', 'matched'),
               ('1', 'series', 'matched'), ('bare', 'episode', 'created'), ('nulls', 'track', 'created')
    $$,
    'A row for every item, in their order, with what was done; an entry that a reader could not use is unusable; arguments by name'
);
select results_eq(
    'select media_item_id from first_answer order by position',
    $$
        select case a.client_item_id when '1' then pymap.get_media_item_by_client_id_and_type(1, '1', a.media_type)
                                     else pymap.get_media_item_by_client_id(1, a.client_item_id) end
        from first_answer as a where a.action <> 'unusable' and a.position < 3
        union all select null
        union all select * from (values (900000001), (900000003)) as m
        union all select pymap.get_media_item_by_client_id(1, i.id) from unnest(array['bare', 'nulls']) as i (id)
    $$,
    'The media items are those that the look-ups find; TMDB 1 of a film is not TMDB 1 of a series'
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
    $$select title, release_year, external_ids from pymap.media_items where id = 900000001$$,
    $$values ('One', 1950, '[{"source": "tmdb", "id": "1"}, {"source": "tvdb", "id": "11"}]'::jsonb)$$,
    'A matched media item learns external IDs and the year that it lacked; its title stays'
);
select results_eq(
    $$select title, release_year, external_ids from pymap.media_items where id = (select media_item_id from first_answer where client_item_id = 'known')$$,
    $$values ('Known', null::integer, '[{"source": "imdb", "id": "tt0000010"}]'::jsonb)$$, 'A mapping that exists wins and changes nothing'
);

create temporary table rows_before as select ctid::text as place, * from pymap.media_items;
create temporary table lookup_before as select ctid::text as place, * from pymap.client_items;
select results_eq(
    $$
        select client_item_id, action
        from pymap.get_or_create_mappings(1, 'plex', '[
            {"itemId": "12", "type": "movie", "title": "Changed", "externalIds": {"tvdb": "77"}}, {"itemId": "1", "type": "series"}, {"itemId": "nulls", "type": "track"}
        ]')
    $$,
    $$values ('12', 'kept'), ('1', 'kept'), ('nulls', 'kept')$$, 'The second time everything is kept'
);
select results_eq(
    'select ctid::text, * from pymap.media_items order by id', 'table rows_before order by id', 'The second time no media item is written'
);
select results_eq('select ctid::text, * from pymap.client_items order by 1', 'table lookup_before order by 1', 'Nor a lookup row');
select is_empty($$select * from pymap.get_or_create_mappings(1, 'plex', '[]')$$, 'No rows for no items');

-- What belongs together

select is(pg_temp.groups(b.items::jsonb, b.client_type), b.expected, b.description)
from (values
    ('[{"itemId": "a", "type": "movie"}, {"itemId": "a", "type": "movie"}]', 'plex', 'movie a', 'An item that is listed twice has one row'),
    ('[{"itemId": "a", "type": "movie"}, {"itemId": "a", "type": "series"}]', 'plex', 'movie a, series a', 'The same ID with two media types is two items'),
    ('[{"itemId": "A", "type": "movie"}, {"itemId": "a", "type": "movie"}, {"itemId": "07", "type": "movie"}, {"itemId": "7", "type": "movie"}]', 'plex', 'movie 07, movie 7, movie A, movie a', 'IDs are text, case-sensitive and bytewise'),
    ('[{"itemId": "a", "type": "movie", "title": "T", "year": 1999}, {"itemId": "b", "type": "movie", "title": "T", "year": 1999}]', 'plex', 'movie a, movie b', 'Title and year alone put nothing together'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "tt0000099"}}, {"itemId": "b", "type": "movie", "externalIds": {"imdb": "99"}}]', 'plex', 'movie a + movie b', 'Editions: new items that share an external ID are one media item'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"tmdb": "99"}}, {"itemId": "b", "type": "series", "externalIds": {"tmdb": "99"}}]', 'plex', 'movie a, series b', 'But not across media types'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "", "tmdb": "0"}}, {"itemId": "b", "type": "movie", "externalIds": {"imdb": "", "tmdb": "0"}}]', 'plex', 'movie a, movie b', 'Placeholders put nothing together'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "tt0000099", "tmdb": "98"}}, {"itemId": "b", "type": "movie", "externalIds": {"imdb": "tt0000099", "tmdb": "99"}}]', 'plex', 'movie a, movie b', 'Nor do items that contradict each other in another source'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "tt0000099"}}, {"itemId": "b", "type": "movie", "externalIds": {"imdb": "tt0000099", "tvdb": "99"}}, {"itemId": "c", "type": "movie", "externalIds": {"tvdb": "99"}}]', 'plex', 'movie a + movie b + movie c', 'A chain of shared external IDs is one media item'),
    ('[{"itemId": "a", "type": "movie"}, {"itemId": "a", "type": "movie", "externalIds": {"tmdb": "1"}}]', 'plex', 'movie a = 900000001', 'What the copies of an item know is put together'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "type": "movie", "externalIds": {"tmdb": "1", "imdb": "97"}}, {"itemId": "c", "type": "movie", "externalIds": {"imdb": "97"}}]', 'plex', 'movie a + movie b + movie c = 900000001', 'A chain that ends at a media item which exists'),
    ('[{"itemId": "a", "type": "movie", "title": "Other", "externalIds": {"imdb": "tt0000002", "tmdb": "3"}}]', 'plex', 'movie a', 'A contradiction to the media item in another source, and another title: an item of its own'),
    ('[{"itemId": "a", "type": "movie", "title": "Two", "externalIds": {"imdb": "tt0000002", "tmdb": "3"}}]', 'plex', 'movie a = 900000002', 'One wrong ID among what agrees otherwise'),
    ('[{"itemId": "a", "type": "movie", "title": "Two"}]', 'plex', 'movie a = 900000002', 'The title, where nobody knows a year'),
    ('[{"itemId": "a", "type": "movie", "title": "Two", "year": 1999}]', 'plex', 'movie a', 'But not with a year that the media item does not know'),
    ('[{"itemId": "a", "type": "movie", "title": "Two"}, {"itemId": "b", "type": "movie", "title": "Two"}]', 'plex', 'movie a, movie b', 'Two of a title compete: neither is it'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "tt0000006"}}]', 'plex', 'movie a', 'Two media items that share the ID and contradict each other: an item of its own'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "tt0000006", "tmdb": "7"}}]', 'plex', 'movie a = 900000007', 'Of two that share the ID, the one that does not contradict'),
    ('[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "tt0000002", "tmdb": "2"}}, {"itemId": "b", "type": "movie", "externalIds": {"imdb": "tt0000002", "tmdb": "3"}}, {"itemId": "c", "type": "movie", "externalIds": {"tmdb": "3"}}, {"itemId": "d", "type": "movie", "externalIds": {"imdb": "tt0000002"}}]', 'plex', 'movie a = 900000002, movie b, movie c, movie d', 'Entries that contradict each other are not one item, whatever else they share; what is linked to both goes with neither'),
    ('[{"error": "x"}, {"error": "y", "itemId": "a", "type": "movie"}]', 'plex', null, 'Unusable entries write nothing')
) as b (items, client_type, expected, description);
select results_eq(
    $$
        select c.action, d.action, d.media_item_id = c.media_item_id
        from pymap.get_or_create_mappings(1, 'plex', '[{"itemId": "both", "type": "artist", "externalIds": {"theaudiodb": "1,2"}}]') as c
        cross join lateral pymap.get_or_create_mappings(2 + c.media_item_id * 0, 'emby', '[
            {"itemId": "one", "type": "artist", "externalIds": {"theaudiodb": "1"}}, {"itemId": "two", "type": "artist", "externalIds": {"theaudiodb": "2"}}
        ]') as d
    $$,
    $$values ('created', 'created', false), ('created', 'created', false)$$, 'Two items that contradict each other are not both the media item that has the IDs of both'
);
select results_eq(
    $$
        select client_item_id, media_type, action
        from pymap.get_or_create_mappings(4, 'jellyfin', '[
            {"itemId": "F27CAA37-E514-2225-CCEB-DED48F6553A2", "type": "movie"}, {"itemId": "b", "type": "movie"},
            {"itemId": "b", "type": "movie"}, {"itemId": "0B5C9F0E-1111-2222-3333-DED48F6553A2", "type": "movie"}
        ]')
    $$,
    $$values ('F27CAA37-E514-2225-CCEB-DED48F6553A2', 'movie', 'created'), ('b', 'movie', 'created'), ('0B5C9F0E-1111-2222-3333-DED48F6553A2', 'movie', 'created')$$,
    'A Jellyfin GUID comes back as it was given'
);
select results_eq(
    $$
        select client_item_id, media_item_id = pymap.get_media_item_by_client_id(4, 'f27caa37e5142225ccebded48f6553a2'), action
        from pymap.get_or_create_mappings(4, 'jellyfin', '[
            {"itemId": "f27caa37e5142225ccebded48f6553a2", "type": "movie"}, {"itemId": "F27CAA37E5142225CCEBDED48F6553A2", "type": "movie"}
        ]')
        order by client_item_id collate "C"
    $$,
    $$values ('F27CAA37E5142225CCEBDED48F6553A2', true, 'kept'), ('f27caa37e5142225ccebded48f6553a2', true, 'kept')$$,
    'In every spelling in which it was given, for the one media item that it is'
);

-- The order of the items changes nothing

select is(
    (select count(distinct pg_temp.outcome(p.items)) from pg_temp.permutations(b.items::jsonb) with ordinality as p (items, n) where p.n % 3 = 1), 1::bigint,
    'In eight orders of the items the result is the same: ' || b.description
)
from (values
    (
        '[{"itemId": "a", "type": "movie", "title": "X", "year": 1999}, {"itemId": "a", "type": "movie", "title": "Y", "data": {"n": 1}, "externalIds": {"imdb": "tt0000099"}},
          {"itemId": "b", "type": "movie", "title": "B", "externalIds": {"imdb": "tt0000099", "tvdb": "5"}},
          {"itemId": "c", "type": "movie", "title": "C", "externalIds": {"tvdb": "5"}}]',
        'duplicates that differ'
    ),
    (
        '[{"itemId": "a", "type": "movie", "title": "A", "externalIds": {"imdb": "tt0000098", "tmdb": "5"}}, {"itemId": "b", "type": "movie", "title": "B", "externalIds": {"tmdb": "5", "tvdb": "7"}},
          {"itemId": "c", "type": "movie", "title": "C", "externalIds": {"tvdb": "7", "imdb": "tt0000099"}}, {"itemId": "d", "type": "movie", "title": "D", "externalIds": {"imdb": "tt0000098"}}]',
        'a chain whose ends contradict each other'
    ),
    (
        '[{"itemId": "a", "type": "movie", "title": "A", "externalIds": {"imdb": "tt0000002", "tmdb": "2"}}, {"itemId": "b", "type": "movie", "title": "B", "externalIds": {"imdb": "tt0000002", "tmdb": "3"}},
          {"itemId": "c", "type": "movie", "title": "C", "externalIds": {"tmdb": "3"}}, {"itemId": "d", "type": "movie", "title": "D", "externalIds": {"imdb": "tt0000002"}}]',
        'contradictions to each other and to a media item that exists'
    ),
    (
        '[{"itemId": "a", "type": "movie", "title": "A", "externalIds": {"imdb": "tt0000099"}}, {"itemId": "b", "type": "movie", "title": "B", "externalIds": {"imdb": "tt0000099", "tmdb": "1"}},
          {"itemId": "c", "type": "movie", "title": "C", "externalIds": {"imdb": "tt0000099", "tmdb": "2"}}, {"itemId": "known", "type": "movie"}, {"error": "x"}]',
        'one external ID of three items, two of which are media items that exist'
    ),
    (
        '[{"itemId": "a", "type": "movie", "title": "A", "externalIds": {"imdb": "tt0000004"}}, {"itemId": "b", "type": "movie", "title": "B", "externalIds": {"imdb": "tt0000005"}},
          {"itemId": "e", "type": "movie", "title": "E", "externalIds": {"imdb": ["tt0000004", "tt0000005"]}}]',
        'one external ID between two media items that exist'
    )
) as b (items, description);

-- A batch of one does what get_or_create_mapping does

create function pg_temp.single(p_item jsonb) returns jsonb language plpgsql as $$
declare
    v_media_item_id bigint;
begin
    v_media_item_id := pymap.get_or_create_mapping(
        1, 'plex', p_item ->> 'itemId', p_item ->> 'type', p_item ->> 'title', p_external_ids => p_item -> 'externalIds'
    );
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return to_jsonb(case when v_media_item_id >= 900000000 then v_media_item_id end);
end
$$;
select is(
    pg_temp.outcome(jsonb_build_array(i.item)) #> '{0,existing}', coalesce(pg_temp.single(i.item), 'null'),
    'As get_or_create_mapping: ' || e.description
)
from (values
    ('{"tmdb": "1"}', 'one media item shares the ID'),
    ('{"tmdb": "1", "imdb": "tt0000004"}', 'two share one each and do not contradict each other'),
    ('{"tmdb": "1", "imdb": "tt0000002"}', 'two share one each and one of them contradicts'),
    ('{"tmdb": "2", "imdb": "tt0000004"}', 'two contradict each other and one of them contradicts the item'),
    ('{"imdb": ["tt0000004", "tt0000005"]}', 'two share one each and contradict each other'),
    ('{"imdb": "tt0000006"}', 'two share the same and contradict each other'),
    ('{"imdb": "tt0000006", "tmdb": "6"}', 'one shares both, the other contradicts'),
    ('{"tvdb": "8"}', 'two share the same and do not contradict each other'),
    ('{"anidb": "10", "tmdb": "11"}', 'one shares both, the other only one'),
    ('{"anidb": "10", "tmdb": "1012"}', 'two share the same and one of them contradicts the item'),
    ('{"tvdb": "8", "imdb": "tt0000004"}', 'three, and none contradicts'),
    ('{"imdb": "tt0000002", "tmdb": ["2", "3"]}', 'several IDs of one source, one of them shared'),
    ('{"imdb": "tt0000077"}', 'none shares it')
) as e (external_ids, description)
cross join lateral (
    select jsonb_build_object('itemId', 'one', 'type', 'movie', 'title', 'T', 'externalIds', e.external_ids::jsonb) as item
) as i;

-- Many

select results_eq(
    $$
        select action, count(*), count(distinct media_item_id)
        from pymap.get_or_create_mappings(2, 'emby', (
            select jsonb_agg(jsonb_build_object('itemId', n, 'type', 'movie', 'externalIds', jsonb_build_object('tvmaze', 1 + n / 2))) from generate_series(0, 1999) as n
        ))
        group by action
    $$,
    $$values ('created', 2000::bigint, 1000::bigint)$$, 'Two thousand items that are a thousand films'
);
select results_eq(
    $$
        select action, count(*), count(distinct media_item_id)
        from pymap.get_or_create_mappings(3, 'kodi', (
            select jsonb_agg(jsonb_build_object('itemId', n, 'type', 'movie', 'externalIds', jsonb_build_object('tvmaze', n))) from generate_series(1, 1100) as n
        ))
        group by action order by action
    $$,
    $$values ('created', 100::bigint, 100::bigint), ('matched', 1000, 1000)$$, 'Another client has the same films and more'
);
create temporary table locks_before as select count(*) as n from pg_locks where pid = pg_backend_pid();
do $$
begin
    for n in 1..20 loop
        perform pymap.get_or_create_mappings(1, 'plex', '[{"itemId": "known", "type": "movie"}]');
    end loop;
end
$$;
select is(
    (select count(*) from pg_locks where pid = pg_backend_pid()) - (select n from locks_before) < 20, true,
    'Batches do not pile up locks: a transaction can make any number of them'
);

-- What is refused, with nothing written

drop table rows_before;
create temporary table rows_before as table pymap.media_items;

select matches(
    helpers.refusal(format('select * from pymap.get_or_create_mappings(1, ''plex'', jsonb_build_array(''{"itemId": "good", "type": "movie"}''::jsonb, %L::jsonb))', b.item)),
    '^22023\|' || regexp_replace('p_items[1]' || b.key, '([\[\].])', '\\\1', 'g') || ' is .*\|.+',
    format('A bad item refuses the batch, with its position, key and value: %s, %s', coalesce(nullif(ltrim(b.key, '.'), ''), 'the item'), b.problem)
)
from (values
    ('1', '', 'a number'), ('null', '', 'null'), ('[]', '', 'an array'), ('"a"', '', 'a text'),
    ('{"type": "movie"}', '.itemId', 'absent'), ('{"itemId": null, "type": "movie"}', '.itemId', 'null'),
    ('{"itemId": "", "type": "movie"}', '.itemId', 'empty'), ('{"itemId": true, "type": "movie"}', '.itemId', 'a boolean'),
    ('{"itemId": {}, "type": "movie"}', '.itemId', 'an object'),
    ('{"itemId": "' || repeat('a', 1025) || '", "type": "movie"}', '.itemId', '1,025 bytes'),
    ('{"itemId": "' || repeat('é', 513) || '", "type": "movie"}', '.itemId', '513 characters that are 1,026 bytes'),
    ('{"itemId": "a"}', '.type', 'absent'), ('{"itemId": "a", "type": null}', '.type', 'null'),
    ('{"itemId": "a", "type": "film"}', '.type', 'not known'), ('{"itemId": "a", "type": 5}', '.type', 'a number'),
    ('{"itemId": "a", "type": "movie", "title": 5}', '.title', 'a number'), ('{"itemId": "a", "type": "movie", "title": {}}', '.title', 'an object'),
    ('{"itemId": "a", "type": "movie", "year": "soon"}', '.year', 'a word'), ('{"itemId": "a", "type": "movie", "year": 10000}', '.year', 'five digits'),
    ('{"itemId": "a", "type": "movie", "year": -1}', '.year', 'negative'), ('{"itemId": "a", "type": "movie", "year": []}', '.year', 'an array'),
    ('{"itemId": "a", "type": "movie", "externalIds": "tt1"}', '.externalIds', 'a text'),
    ('{"itemId": "a", "type": "movie", "externalIds": ["tt1"]}', '.externalIds', 'an array of texts'),
    ('{"itemId": "a", "type": "movie", "externalIds": [{"source": "imdb"}]}', '.externalIds', 'an ID without id'),
    ('{"itemId": "a", "type": "movie", "externalIds": {"imdb": {"id": 1}}}', '.externalIds', 'an object as ID'),
    ('{"itemId": "a", "type": "movie", "externalIds": {"imdb": [["1"]]}}', '.externalIds', 'an array in an array of IDs'),
    ('{"itemId": "a", "type": "movie", "data": []}', '.data', 'an array'), ('{"itemId": "a", "type": "movie", "data": "x"}', '.data', 'a text'),
    ('{"itemId": "a", "type": "episode", "seasonNumber": "one"}', '.seasonNumber', 'a word'),
    ('{"itemId": "a", "type": "episode", "parentItemId": ""}', '.parentItemId', 'empty')
) as b (item, key, problem);
select matches(
    helpers.refusal(format('select * from pymap.get_or_create_mappings(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+',
    'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''plex'', ''[]''', 'p_client_id is ''0''', 'client ID 0'),
    ('null, ''plex'', ''[]''', 'p_client_id is NULL', 'client ID NULL'),
    ('1, null, ''[]''', 'p_client_type is NULL', 'client type NULL'),
    ('99, ''Plex'', ''[]''', 'p_client_type is ''Plex''', 'a client type in upper case'),
    ('1, ''plex'', null', 'p_items is NULL', 'items NULL'),
    ('1, ''plex'', ''{"itemId": "a", "type": "movie"}''', 'p_items is ', 'items that are an object'),
    ('1, ''plex'', ''null''', 'p_items is ', 'items that are a JSON null'),
    ('1, ''plex'', ''[]'', null', 'p_tenant_id is NULL', 'tenant NULL')
) as b (arguments, detail, problem);
select matches(
    helpers.refusal($$select * from pymap.get_or_create_mappings(1, 'emby', '[{"itemId": "good", "type": "movie"}]')$$), '^PM003\|.*plex.*\|.+',
    'A client of another type: PM003 names the type that it has'
);
select results_eq('table pymap.media_items order by id', 'table rows_before order by id', 'Nothing of that is written, the good items neither');
select is(
    (select octet_length(client_item_id) from pymap.get_or_create_mappings(1, 'plex', jsonb_build_array(jsonb_build_object('itemId', repeat('é', 512), 'type', 'movie')))),
    1024, 'An ID of 1,024 bytes is not refused'
);
select is(
    helpers.refusal($$select * from pymap.get_or_create_mappings(9223372036854775807, 'plex', '[{"itemId": "a", "type": "movie"}]')$$), 'no error',
    'Any bigint from 1 up is a client ID'
);

-- What a batch leaves to the next sync

do $$
declare
    c_listing constant jsonb := '[{"itemId": "1", "type": "movie", "title": "Solaris", "year": 1972, "externalIds": {"imdb": "tt0069293", "tmdb": "593"}}]';
begin
    perform pymap.get_or_create_mapping(901, 'plex', '1', 'movie', 'Solaris', '{}', '{"imdb": "tt0069293"}', 1972);
    perform pymap.get_or_create_mapping(902, 'emby', '1', 'movie', 'Solyaris', '{}', '{"tmdb": "593"}', 1972);
    perform pymap.get_or_create_mappings(903, 'kodi', c_listing);
    perform pymap.sync_client_items(903, 'kodi', c_listing);
end
$$;
select is(
    pymap.get_media_item_by_client_id(902, '1'), pymap.get_media_item_by_client_id(901, '1'),
    'A sync of what a batch has mapped unites the two media items that the batch found to be one'
);

create temporary table apart as
select pymap.get_or_create_mapping(911, 'plex', '1', 'movie', 'Stalker', '{}', '{"imdb": "tt0079944"}', 1979) as older,
       pymap.get_or_create_mapping(912, 'emby', '1', 'movie', 'Picknick', '{}', '{"tmdb": "1398"}', 1979) as younger;
create temporary table batch as
select * from pymap.get_or_create_mappings(912, 'emby', $$[
    {"itemId": "1", "type": "movie", "title": "Picknick", "year": 1979, "externalIds": {"tmdb": "1398"}},
    {"itemId": "2", "type": "movie", "title": "Stalker", "year": 1979, "externalIds": {"imdb": "tt0079944", "tmdb": "1398"}},
    {"itemId": "1", "type": "series", "title": "Lost"},
    {"itemId": "1", "type": "episode", "parentItemId": "1", "seasonNumber": 1, "episodeNumber": 1}
]$$);
select is(
    (select string_agg(concat_ws(' ', b.client_item_id, b.action, b.media_item_id), ', ' order by b.client_item_id)
     from batch as b where b.media_type = 'movie'),
    (select format('1 kept %s, 2 %s', younger, (
         select concat_ws(' ', case when c.media_item_id in (older, younger) then 'matched' else 'created' end, c.media_item_id)
         from pymap.client_items as c where c.client_id = 912 and c.client_item_id = '2' and c.media_type = 'movie'
     ))
     from apart),
    'A batch returns what is mapped, also if it found two media items to be one and left them apart'
);

select * from finish();

rollback;
