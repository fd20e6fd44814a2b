begin;

select plan(60);

-- 1 and 2 could be one; 3 is what the first one is merged into; 4 is none of them. So could be what is below the series.
insert into pymap.media_items (tenant_id, id, type, title, release_year, parent_id, parent_number, number, sync_clients, external_ids)
values
    (
        0, 900000001, 'movie', 'X', 1999, null, null, null, '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]',
        '[{"source": "imdb", "id": "tt0000001"}, {"source": "tvdb", "id": "7"}]'
    ),
    (
        0, 900000002, 'movie', 'X', 1999, null, null, null, '[{"clientId": 2, "clientType": "emby", "itemId": "b"}]',
        '[{"source": "tmdb", "id": "2"}, {"source": "tvdb", "id": "7"}]'
    ),
    (0, 900000003, 'movie', null, null, null, null, null, '[]', '[]'),
    (0, 900000004, 'movie', 'Y', 1999, null, null, null, '[]', '[]'),
    (1, 900000005, 'movie', 'X', 1999, null, null, null, '[]', '[{"source": "imdb", "id": "tt0000001"}]'),
    (
        0, 900000011, 'series', 'S', 2008, null, null, null, '[{"clientId": 1, "clientType": "plex", "itemId": "s"}]',
        '[{"source": "tvdb", "id": "1"}]'
    ),
    (
        0, 900000012, 'series', 'S', 2009, null, null, null, '[{"clientId": 2, "clientType": "emby", "itemId": "s"}]',
        '[{"source": "imdb", "id": "tt0000011"}]'
    ),
    (0, 900000021, 'episode', 'One', null, 900000011, 1, 1, '[{"clientId": 1, "clientType": "plex", "itemId": "e"}]', '[]'),
    (0, 900000022, 'episode', 'One', null, 900000012, 1, 1, '[{"clientId": 2, "clientType": "emby", "itemId": "e"}]', '[]'),
    (0, 900000023, 'episode', 'Special', null, 900000011, null, null, '[]', '[]'),
    (0, 900000024, 'episode', 'Special', null, 900000012, null, null, '[]', '[]'),
    (0, 900000025, 'episode', 'Double', null, 900000011, 3, 1, '[]', '[]'),
    (0, 900000026, 'episode', 'Double', null, 900000011, 3, 1, '[]', '[]'),
    (0, 900000031, 'movie', 'Heat', 1995, null, null, null, '[]', '[{"source": "imdb", "id": "tt0000031"}]'),
    (0, 900000032, 'movie', 'Alien', 1979, null, null, null, '[]', '[{"source": "tmdb", "id": "32"}]');

-- A media item of those above, or a new one.
create function pg_temp.name_of(p_media_item_id bigint) returns text language sql as $$
    select case when p_media_item_id > 900000000 then (p_media_item_id - 900000000)::text else 'new' end
$$;
create function pg_temp.single(p_external_ids jsonb) returns text language sql as $$
    select pg_temp.name_of(pymap.get_or_create_mapping(9, 'kodi', 'n', 'movie', 'X', p_external_ids => p_external_ids, p_release_year => 1999))
$$;
create function pg_temp.batch(p_items jsonb) returns text language sql as $$
    select string_agg(action || ' ' || pg_temp.name_of(media_item_id), ', ' order by client_item_id)
    from pymap.get_or_create_mappings(9, 'kodi', p_items)
$$;
create function pg_temp.synced(p_client_id bigint, p_client_type text, p_items jsonb) returns text language sql as $$
    select string_agg(action || ' ' || pg_temp.name_of(media_item_id), ', ' order by client_item_id)
    from pymap.sync_client_items(p_client_id, p_client_type, p_items)
$$;
-- What a statement answers after another one, what is merged and what is to be reviewed then. All of it is taken back.
create function pg_temp.answer(p_before text, p_statement text) returns text language plpgsql as $$
declare
    v_answer text;
begin
    execute p_before;
    execute p_statement into v_answer;
    v_answer := concat_ws(
        '; ', v_answer,
        (
            select string_agg(format('%s into %s', pg_temp.name_of(i.id), pg_temp.name_of(i.merged_into)), ', ' order by i.id)
            from pymap.media_items as i where i.merged_into is not null
        ),
        (
            select string_agg(format('%s or %s?', pg_temp.name_of(r.media_item_id), pg_temp.name_of(r.candidate_id)), ', ' order by 1)
            from pymap.get_review_candidates() as r
        )
    );
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_answer;
end
$$;

-- Every step that matches

create temporary view steps as
select *
from (values
    (
        'get_or_create_mapping, by IDs of both', $$select pg_temp.single('{"imdb": "1", "tmdb": "2"}')$$,
        '1', 'new; new or 1?, new or 2?', 'new; 1 into 3; new or 2?, new or 3?'
    ),
    (
        'get_or_create_mapping, by an ID that both have', $$select pg_temp.single('{"tvdb": "7"}')$$,
        '1', 'new; new or 1?, new or 2?', 'new; 1 into 3; new or 2?, new or 3?'
    ),
    (
        'get_or_create_mapping, by IDs of two that have neither title nor year in common',
        $$select pg_temp.name_of(pymap.get_or_create_mapping(9, 'kodi', 'n', 'movie', null, p_external_ids => '{"imdb": "31", "tmdb": "32"}'))$$,
        'new; new or 31?, new or 32?', 'new; new or 31?, new or 32?', 'new; 1 into 3; new or 31?, new or 32?'
    ),
    (
        'get_or_create_mappings, one item with IDs of both',
        $$select pg_temp.batch('[{"itemId": "n", "type": "movie", "externalIds": {"imdb": "1", "tmdb": "2"}}]')$$,
        'matched 1', 'created new; new or 1?, new or 2?', 'created new; 1 into 3; new or 2?, new or 3?'
    ),
    (
        'get_or_create_mappings, two items that share an ID',
        $$
            select pg_temp.batch('[
                {"itemId": "m", "type": "movie", "externalIds": {"imdb": "1", "trakt": "5"}},
                {"itemId": "n", "type": "movie", "externalIds": {"tmdb": "2", "trakt": "5"}}
            ]')
        $$,
        'matched 1, matched 1', 'created new, created new; new or 1?, new or 2?',
        'created new, created new; 1 into 3; new or 2?, new or 3?'
    ),
    (
        'sync_client_items, one item with IDs of both',
        $$select pg_temp.synced(9, 'kodi', '[{"itemId": "n", "type": "movie", "externalIds": {"imdb": "1", "tmdb": "2"}}]')$$,
        'matched 1; 2 into 1', 'created new; new or 1?, new or 2?', 'created new; 1 into 3; new or 2?, new or 3?'
    ),
    (
        'sync_client_items, two items that share an ID',
        $$
            select pg_temp.synced(9, 'kodi', '[
                {"itemId": "m", "type": "movie", "externalIds": {"imdb": "1", "trakt": "5"}},
                {"itemId": "n", "type": "movie", "externalIds": {"tmdb": "2", "trakt": "5"}}
            ]')
        $$,
        'matched 1, matched 1; 2 into 1', 'created new, created new; new or 1?, new or 2?',
        'created new, created new; 1 into 3; new or 2?, new or 3?'
    ),
    (
        'sync_client_items, a mapping that stands and is told an ID of the other one',
        $$select pg_temp.synced(1, 'plex', '[{"itemId": "a", "type": "movie", "externalIds": {"imdb": "1", "tmdb": "2"}}]')$$,
        'kept 1; 2 into 1', 'kept 1', 'kept 3; 1 into 3'
    ),
    (
        'sync_client_items, by title, which never decides between two',
        $$select pg_temp.synced(9, 'kodi', '[{"itemId": "n", "type": "movie", "title": "X", "year": 1999}]')$$,
        'created new; new or 1?, new or 2?', 'created new; new or 1?, new or 2?', 'created new; 1 into 3; new or 2?, new or 3?'
    ),
    (
        'sync_client_items, by numbers, which never decide between two',
        $$
            select pg_temp.synced(9, 'kodi', '[
                {"itemId": "n", "type": "episode", "parentItemId": "t", "seasonNumber": 3, "episodeNumber": 1},
                {"itemId": "t", "type": "series", "externalIds": {"tvdb": "1"}}
            ]')
        $$,
        'created new, matched 11; new or 25?, new or 26?', 'created new, matched 11; new or 25?, new or 26?',
        'created new, matched 11; 1 into 3; new or 25?, new or 26?'
    ),
    (
        'sync_client_items, at the same place below series that it unites',
        $$select pg_temp.synced(9, 'kodi', '[{"itemId": "t", "type": "series", "externalIds": {"tvdb": "1", "imdb": "11"}}]')$$,
        'matched 11; 12 into 11, 22 into 21, 24 into 23', 'matched 11; 12 into 11', 'matched 11; 1 into 3, 12 into 11'
    ),
    (
        'sync_client_items, an item at that place',
        $$
            select pg_temp.synced(9, 'kodi', '[
                {"itemId": "n", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1},
                {"itemId": "t", "type": "series", "externalIds": {"tvdb": "1", "imdb": "11"}}
            ]')
        $$,
        'matched 21, matched 11; 12 into 11, 22 into 21, 24 into 23',
        'created new, matched 11; 12 into 11; new or 21?, new or 22?',
        'created new, matched 11; 1 into 3, 12 into 11; new or 21?, new or 22?'
    ),
    (
        'merge_media_items, at the same place below', 'select pymap.merge_media_items(900000011, 900000012) > 0',
        'true; 12 into 11, 22 into 21, 24 into 23', 'true; 12 into 11', 'true; 1 into 3, 12 into 11'
    ),
    (
        'find_duplicates',
        $$select string_agg(concat_ws(' ', pg_temp.name_of(media_item_id), pg_temp.name_of(duplicate_id)), ', ' order by media_item_id) from pymap.find_duplicates()$$,
        '1 2, 11 12, 23 24, 25 26', '11 12', '11 12; 1 into 3'
    )
) as s (description, statement, as_it_is, marked, merged_on);
create function pg_temp.mark() returns void language sql as $$
    select pymap.mark_distinct(900000001, 900000002), pymap.mark_distinct(900000022, 900000021),
           pymap.mark_distinct(900000023, 900000024), pymap.mark_distinct(900000025, 900000026)
$$;
select is(pg_temp.answer('select', s.statement), s.as_it_is, 'As it is: ' || s.description) from steps as s;
select is(pg_temp.answer('select pg_temp.mark()', s.statement), s.marked, 'Distinct: ' || s.description) from steps as s;
select is(
    pg_temp.answer('select pg_temp.mark(), pymap.merge_media_items(900000003, 900000001)', s.statement), s.merged_on,
    'Distinct, one of them merged into a third: ' || s.description
)
from steps as s;

-- What is to be reviewed

do $$
begin
    perform pymap.sync_client_items(9, 'kodi', '[{"itemId": "n", "type": "movie", "title": "X", "year": 1999}]');
    perform pymap.mark_distinct(pymap.get_media_item_by_client_id(9, 'n'), 900000001);
end
$$;
select results_eq(
    'select candidate_id from pymap.get_review_candidates()', $$values (900000002::bigint)$$, 'Review candidates: the answered one is left out'
);
do $$
begin
    perform pymap.merge_media_items(900000003, 900000002);
    perform pymap.mark_distinct(900000003, pymap.get_media_item_by_client_id(9, 'n'));
end
$$;
select is_empty('select * from pymap.get_review_candidates()', 'Also where it was merged and then answered');

-- What it writes

create temporary table made as select pymap.mark_distinct(p_other_id => 900000001, p_media_item_id => 900000002) as event_id;
select results_eq(
    $$
        select e.kind::text collate "default", e.media_type::text collate "default", e.media_item_before, e.media_item_after,
               e.evidence::text collate "default", e.client_id
        from pymap.mapping_events as e, made as m where e.id = m.event_id
    $$,
    $$values ('distinct', 'movie', 900000001::bigint, 900000003::bigint, 'manual', null::bigint)$$,
    'An event, of what IDs stand for now, the older one first; arguments by name'
);
select is(pymap.mark_distinct(s.media_item_id, s.other_id), null, 'Known already: ' || s.description)
from (values
    (900000001, 900000003, 'the same again'), (900000003, 900000001, 'the other way round'), (900000001, 900000002, 'by an ID that was merged')
) as s (media_item_id, other_id, description);
select is(
    (select count(*) from pymap.mapping_events where kind = 'distinct' and media_item_after = 900000003 and media_item_before = 900000001), 1::bigint,
    'Then there is no other event'
);
select is(pymap.mark_distinct(900000004, 900000011) > 0, true, 'Also of different types');

-- Refused

select matches(helpers.refusal(format('select pymap.mark_distinct(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('900000004, 900000004', '^22023\|p_other_id is ''900000004''\.\|Both IDs stand for media item 900000004.*split_media_item.*', 'a media item and itself'),
    ('900000002, 900000003', '^22023\|p_other_id is ''900000003''\.\|Both IDs stand for media item 900000003.*', 'and what was merged into it'),
    ('999999999, 900000004', '^P0002\|p_media_item_id is 999999999.*\|.+', 'a media item that does not exist'),
    ('900000004, 999999999', '^P0002\|p_other_id is 999999999.*\|.+', 'another one that does not exist'),
    ('null, 900000004', '^P0002\|p_media_item_id is NULL.*\|.+', 'NULL'), ('900000004, null', '^P0002\|p_other_id is NULL.*\|.+', 'NULL for the other one'),
    ('900000004, 900000005', '^P0002\|p_other_id is 900000005, p_tenant_id is 0\.\|.+', 'one of another tenant'),
    ('900000004, 900000001, null', '^22023\|p_tenant_id is NULL\.\|.+', 'a tenant that is NULL')
) as b (arguments, refusal, problem);
select is_empty('select from pymap.distinct_pairs where media_item_id = 900000004 and other_id <> 900000011', 'Then nothing is written');

-- What is deleted

delete from pymap.media_items where id = 900000003;
select is_empty('select from pymap.distinct_pairs where 900000003 in (media_item_id, other_id)', 'The pairs of a deleted media item are gone');

select * from finish();

rollback;
