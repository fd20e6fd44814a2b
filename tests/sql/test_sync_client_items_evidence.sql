begin;

select plan(59);

create temporary table names (media_item_id bigint primary key, name text);
-- The temporary tables of a sync, made once.
select pymap.sync_client_items(1, 'plex', '[]');

-- What a sync answers, as one text: each entry with what was done and the media item, named after the ID that created it
-- in capitals, and the evidence; then what is to be reviewed, and what was merged into what. Plain: the rows alone; content:
-- what the media items know.
create function pg_temp.synced(p_client_id bigint, p_items jsonb, p_dry_run boolean default false, out answer text, out plain text, out content text)
language plpgsql as $$
begin
    create temporary table answers on commit drop as
    select * from pymap.sync_client_items(p_client_id, 'plex', p_items, p_dry_run => p_dry_run);
    select string_agg(concat_ws(' ', a.client_item_id, a.action, n.name), ', ' order by a.client_item_id, a.media_type)
    into plain
    from answers as a left join names as n on n.media_item_id = a.media_item_id;
    if p_dry_run then
        drop table answers;
        return;
    end if;
    insert into names
    select a.media_item_id, upper(min(a.client_item_id)) || case min(a.action) when 'reassigned' then '2' else '' end
    from answers as a
    where a.action in ('created', 'reassigned')
    group by a.media_item_id
    on conflict do nothing;
    select concat_ws('; ',
        (
            select string_agg(
                concat_ws(' ', a.client_item_id, a.action, n.name, '(' || e.evidence || ')'), ', ' order by a.client_item_id, a.media_type
            )
            from answers as a
            left join names as n on n.media_item_id = a.media_item_id
            left join pymap.media_items as i on i.id = a.media_item_id and a.action in ('matched', 'rekeyed', 'reassigned')
            left join jsonb_to_recordset(i.sync_clients) as e ("clientId" bigint, "itemId" text, evidence text)
                on e."clientId" = p_client_id and e."itemId" = a.client_item_id
        ),
        (
            select string_agg(format('%s? %s (%s)', m.name, c.name, r.evidence), ', ' order by m.name, c.name)
            from pymap.get_review_candidates() as r
            join names as m on m.media_item_id = r.media_item_id
            join names as c on c.media_item_id = r.candidate_id
        ),
        (
            select string_agg(format('%s into %s', d.name, k.name), ', ' order by d.name)
            from pymap.media_items as i
            join names as d on d.media_item_id = i.id
            join names as k on k.media_item_id = i.merged_into
        )
    )
    into answer;
    select string_agg(i.known::text, ' ' order by i.known::text)
    into content
    from (
        select to_jsonb(o) - '{id,uuid,parent_id,merged_into}'::text[] || jsonb_build_object('parent', p.title) as known
        from pymap.media_items as o left join pymap.media_items as p on p.id = o.parent_id
    ) as i;
    drop table answers;
end
$$;

-- The same with nothing left of it.
create function pg_temp.tried(p_client_id bigint, p_items jsonb, out answer text, out content text)
language plpgsql as $$
begin
    select s.answer, s.content into answer, content from pg_temp.synced(p_client_id, p_items) as s;
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then null;
end
$$;

create function pg_temp.stored() returns table (place text, stored text) language sql as $$
    select i.ctid::text, i::text from pymap.media_items as i
    union all select m.ctid::text, m::text from pymap.mappings as m
    union all select x.ctid::text, x::text from pymap.external_ids as x
    union all select c.ctid::text, c::text from pymap.clients as c
    union all select r.ctid::text, r::text from pymap.review_candidates as r
$$;

-- Syncs one after the other, each [client ID, item, …], in a world of their own; an item without a type is a movie.
-- The answers, with a complaint where one depends on the order of the items, where a dry run answers anything else or
-- writes, and where the last sync, repeated, does not keep everything or writes.
create function pg_temp.story(p_syncs jsonb) returns text language plpgsql as $$
declare
    v_sync jsonb;
    v_items jsonb;
    v_done record;
    v_backwards record;
    v_dry record;
    v_story text;
begin
    for v_sync in select s.sync from jsonb_array_elements(p_syncs) with ordinality as s (sync, n) order by s.n loop
        select coalesce(jsonb_agg('{"type": "movie"}' || i.item order by i.n), '[]') into v_items
        from jsonb_array_elements(v_sync - 0) with ordinality as i (item, n);
        v_backwards := pg_temp.tried(
            (v_sync -> 0)::bigint,
            (select coalesce(jsonb_agg(i.item order by i.n desc), '[]') from jsonb_array_elements(v_items) with ordinality as i (item, n))
        );
        create temporary table stored_before on commit drop as select * from pg_temp.stored();
        v_dry := pg_temp.synced((v_sync -> 0)::bigint, v_items, true);
        if exists (select * from pg_temp.stored() except table stored_before) then
            v_dry.plain := 'written';
        end if;
        drop table stored_before;
        v_done := pg_temp.synced((v_sync -> 0)::bigint, v_items);
        v_story := concat_ws(' | ', v_story, concat_ws(' ',
            v_done.answer,
            case when v_backwards.answer <> v_done.answer then '!! backwards: ' || v_backwards.answer
                 when v_backwards.content <> v_done.content then '!! backwards: other content' end,
            case when v_dry.plain <> v_done.plain then '!! dry run: ' || v_dry.plain end
        ));
    end loop;
    create temporary table stored_before on commit drop as select * from pg_temp.stored();
    v_done := pg_temp.synced((v_sync -> 0)::bigint, v_items);
    v_story := concat_ws(' ',
        v_story,
        case when v_done.plain ~ ' (created|matched|rekeyed|reassigned|removed)' then '!! again: ' || v_done.answer end,
        case when exists (select * from pg_temp.stored() except table stored_before) then '!! written again' end
    );
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return v_story;
end
$$;

-- By external IDs

select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"imdb": "tt0000001"}}], [2, {"itemId": "b", "title": "Y", "year": 2000, "externalIds": {"Imdb": "1"}}]]',
        'a created A | b matched A (external_ids)', 'A shared external ID matches, in any spelling, whatever the titles are'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "type": "series", "externalIds": {"tmdb": "1"}}]]',
        'a created A | b created B', 'Not across media types'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"imdb": "1", "tmdb": "1"}}], [2, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"imdb": "1", "tmdb": "2"}}]]',
        'a created A | b created B; B? A (external_ids)', 'Not where another source contradicts; that is to be reviewed'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "1", "tvdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "1", "tvdb": "2"}}], [2, {"itemId": "c", "externalIds": {"imdb": "1"}}]]',
        'a created A, b created B | c created C; C? A (external_ids), C? B (external_ids)',
        'Not where several media items share the ID and contradict each other: the candidates are to be reviewed'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "1", "tvdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "1", "tvdb": "2"}}], [2, {"itemId": "c", "externalIds": {"imdb": "1", "tvdb": "2"}}]]',
        'a created A, b created B | c matched B (external_ids)', 'Of two that share an ID, the one that does not contradict'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "tt1,tt2", "tvdb": "1/2"}}], [2, {"itemId": "b", "externalIds": {"imdb": "2"}}, {"itemId": "c", "externalIds": {"tvdb": ["2", "3"]}}], [3, {"itemId": "d", "externalIds": {"tvdb": "3"}}]]',
        'a created A | b matched A (external_ids), c matched A (external_ids) | d matched A (external_ids)',
        'Several IDs of one source, in comma and slash lists or arrays: each of them matches'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "", "tmdb": "0", "tvdb": null}}], [2, {"itemId": "b", "externalIds": {"imdb": "", "tmdb": "0", "tvdb": null}}]]',
        'a created A | b created B', 'Placeholders match nothing'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"tmdb": "1"}}], [2, {"itemId": "c", "externalIds": {"tmdb": "1"}}, {"itemId": "d", "externalIds": {"tmdb": "1"}}]]',
        'a created A, b created A | c matched A (external_ids), d matched A (external_ids)', 'Editions: entries that share an external ID are one media item'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "1", "tvdb": "2"}}, {"itemId": "c", "externalIds": {"tvdb": "2"}}]]',
        'a created A, b created A, c created A', 'A chain of shared external IDs is one media item'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "1", "tmdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "1", "tmdb": "2"}}]]',
        'a created A, b created B', 'Entries that contradict each other in another source are two'
    ),
    (
        '[[1, {"itemId": "a", "title": "X"}, {"itemId": "a", "title": "X", "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "externalIds": {"tmdb": "1"}}]]',
        'a created A | b matched A (external_ids)', 'An entry that is listed twice is one, with all that its copies know'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "data": {"n": 1}}, {"itemId": "a", "title": "Y", "year": 1998, "externalIds": {"tmdb": "1"}}, {"itemId": "e", "type": "episode", "seasonNumber": 1, "episodeNumber": 2}, {"itemId": "e", "type": "episode", "seasonNumber": 1, "episodeNumber": 1}]]',
        'a created A, e created E', 'What is taken of copies that differ does not depend on their order'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "externalIds": {"imdb": "tt0133093"}}, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "7"}}, {"itemId": "m", "externalIds": {"tmdb": "603"}}],
          [2, {"itemId": "b", "title": "Y {imdb-tt0133093}"}, {"itemId": "t", "type": "series", "title": "S {tvdb-7}"}, {"itemId": "n", "title": "M [tmdbid-603]"}]]',
        'a created A, m created M, s created S | b matched A (external_ids), n matched M (external_ids), t matched S (external_ids)',
        'External IDs that stand in the title count'
    )
) as s (syncs, answers, description);

create function pg_temp.with_one_id(p_prefix text, p_entries integer) returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object('itemId', p_prefix || n, 'type', 'movie', 'externalIds', '{"tvdb": "5"}'::jsonb)) from generate_series(1, p_entries) as n;
$$;
select results_eq(
    $$select action, count(*), count(distinct media_item_id) from pymap.sync_client_items(1, 'plex', pg_temp.with_one_id('a', 20), p_tenant_id => 1) group by action$$,
    $$values ('created', 20::bigint, 1::bigint)$$, 'One ID on twenty entries: twenty editions'
);
select results_eq(
    $$select action, count(*), count(distinct media_item_id) from pymap.sync_client_items(1, 'plex', pg_temp.with_one_id('a', 21), p_tenant_id => 2) group by action$$,
    $$values ('created', 21::bigint, 21::bigint)$$, 'One ID on more entries than that tells nothing'
);
select results_eq(
    $$select action from pymap.sync_client_items(2, 'plex', pg_temp.with_one_id('b', 1), p_tenant_id => 2)$$, $$values ('created')$$, 'Nor does it match a later entry'
);

-- By numbers below a parent: {S}, {E1} and {E2} are a series and its first two episodes on client 1

create function pg_temp.series_story(p_syncs text) returns text language sql as $$
    select pg_temp.story(replace(replace(replace(p_syncs,
        '{S}', '{"itemId": "s", "type": "series", "title": "Show", "year": 2001, "externalIds": {"tvdb": "5"}}'),
        '{E1}', '{"itemId": "e1", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One", "externalIds": {"tvdb": "11"}}'),
        '{E2}', '{"itemId": "e2", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "Two"}')::jsonb);
$$;
select is(pg_temp.series_story('[[1, {S}, {E1}, {E2}], ' || s.syncs || ']'), 'e1 created E1, e2 created E2, s created S | ' || s.answers, s.description)
from (values
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1},
             {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2}, {"itemId": "f3", "type": "episode", "parentItemId": "t", "seasonNumber": 2, "episodeNumber": 1}]',
        'f1 matched E1 (numbers), f2 matched E2 (numbers), f3 created F3, t matched S (external_ids)', 'The same numbers below the same parent match; the parent stands in the same listing'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "title": "SHOW (2001)"}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2}]',
        'f matched E2 (numbers), t matched S (title)', 'Also where the parent matches by its title'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}], [2, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2}]',
        't matched S (external_ids) | f matched E2 (numbers)', 'The parent was synced earlier'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "t1", "type": "season", "parentItemId": "t", "seasonNumber": 1}, {"itemId": "f", "type": "episode", "parentItemId": "t1", "episodeNumber": 2}]',
        'f matched E2 (numbers), t matched S (external_ids), t1 created T1', 'The parent is named as a season, which tells the season''s number'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "t1", "type": "season", "parentItemId": "t", "seasonNumber": 1}], [2, {"itemId": "f", "type": "episode", "parentItemId": "t1", "episodeNumber": 2}]',
        't matched S (external_ids), t1 created T1 | f matched E2 (numbers)', 'Also a season that was synced earlier'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "6"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2}]',
        'f created F, t created T', 'The same numbers below another parent match nothing'
    ),
    (
        '[2, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Two"}]', 'f created F', 'Nor do they below a parent that is not known'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"tvdb": "11"}}]',
        'f matched E1 (external_ids), t matched S (external_ids)', 'External IDs come before numbers'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "One"}]',
        'f matched E2 (numbers), t matched S (external_ids)', 'Numbers come before titles'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "12"}}]',
        'f created F, t matched S (external_ids)', 'Numbers do not match where the external IDs contradict'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "title": "Two"}, {"itemId": "g", "type": "episode", "parentItemId": "t", "title": "Three"}]',
        'f matched E2 (title), g created G, t matched S (external_ids)', 'Without numbers it is the title below the same parent, with no year'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 3, "title": "Two"}]',
        'f created F, t matched S (external_ids)', 'But not where the numbers contradict'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "two"}, {"itemId": "g", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Two!"}]',
        'f matched E2 (numbers), g matched E2 (numbers), t matched S (external_ids)', 'Two entries with the same numbers and the same title are editions of one episode'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Two"}, {"itemId": "g", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Making of"}]',
        'f matched E2 (title), g created G, t matched S (external_ids); G? E2 (numbers)', 'With different titles they are not: the title decides, and the other one is to be reviewed'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "5"}},
             {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"tvdb": "5"}}]',
        'f1 matched E1 (numbers), f2 matched E2 (numbers), t matched S (external_ids)', 'A series'' ID on all of its episodes is no ID of theirs'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": ["111", "112"]}}],
         [3, {"itemId": "u", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "g1", "type": "episode", "parentItemId": "u", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": "111"}},
             {"itemId": "g2", "type": "episode", "parentItemId": "u", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"imdb": "112"}}]',
        'f matched E1 (numbers), t matched S (external_ids) | g1 matched E1 (numbers), g2 matched E2 (numbers), u matched S (external_ids)',
        'A file of two episodes, one entry with the IDs of both: the episodes stay two'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": "111"}},
             {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"imdb": "111"}}]',
        'f1 matched E1 (numbers), f2 matched E2 (numbers), t matched S (external_ids)', 'A file of two episodes, two entries with one ID: two episodes, by their numbers'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": "111"}},
             {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"imdb": "112"}}],
         [3, {"itemId": "u", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "g", "type": "episode", "parentItemId": "u", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": ["111", "112"]}}]',
        'f1 matched E1 (numbers), f2 matched E2 (numbers), t matched S (external_ids) | g matched E1 (numbers), u matched S (external_ids)',
        'One entry with the IDs of two episodes does not make them one'
    )
) as s (syncs, answers, description);
select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "11"}}, {"itemId": "f", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "12"}}],
          [2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "g", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1}]]',
        'e created E, f created F, s created S | g created G, t matched S (external_ids); G? E (numbers), G? F (numbers)',
        'Two candidates with the same numbers: a media item of its own, and both are to be reviewed'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "s0", "type": "season", "parentItemId": "s", "seasonNumber": 0}, {"itemId": "s1", "type": "season", "parentItemId": "s", "seasonNumber": 1}],
          [2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "t0", "type": "season", "parentItemId": "t", "seasonNumber": 0}, {"itemId": "t2", "type": "season", "parentItemId": "t", "seasonNumber": 2}]]',
        's created S, s0 created S0, s1 created S1 | t matched S (external_ids), t0 matched S0 (numbers), t2 created T2', 'Seasons match by their number, 0 is one too'
    ),
    (
        '[[1, {"itemId": "ar", "type": "artist", "title": "Björk"}, {"itemId": "al", "type": "album", "title": "Debut", "year": 1993, "parentItemId": "ar"}, {"itemId": "t1", "type": "track", "parentItemId": "al", "discNumber": 1, "trackNumber": 1, "title": "Human Behaviour"}, {"itemId": "t2", "type": "track", "parentItemId": "al", "discNumber": 1, "trackNumber": 2, "title": "Crying"}],
          [2, {"itemId": "br", "type": "artist", "title": "BJORK"}, {"itemId": "bl", "type": "album", "title": "Debut", "parentItemId": "br"}, {"itemId": "u1", "type": "track", "parentItemId": "bl", "discNumber": 1, "trackNumber": 1}, {"itemId": "u2", "type": "track", "parentItemId": "bl", "trackNumber": 2, "title": "crying"}, {"itemId": "u3", "type": "track", "parentItemId": "bl", "discNumber": 2, "trackNumber": 2}],
          [3, {"itemId": "cr", "type": "artist", "title": "Oasis"}, {"itemId": "cl", "type": "album", "title": "Debut", "year": 1993, "parentItemId": "cr"}]]',
        'al created AL, ar created AR, t1 created T1, t2 created T2 | bl matched AL (title), br matched AR (title), u1 matched T1 (numbers), u2 matched T2 (title), u3 created U3 | cl created CL, cr created CR',
        'An artist matches by the title alone, an album by its title below the artist, a track by disc and number below the album'
    )
) as s (syncs, answers, description);

-- By title and year

select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X", "year": 1999}]]', 'a created A | b matched A (title)', 'The same title and year match'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X", "year": 2000}, {"itemId": "c", "title": "X"}]]', 'a created A | b created B, c created C', 'Another year does not, nor none'),
    ('[[1, {"itemId": "a", "title": "X"}], [2, {"itemId": "b", "title": "X"}]]', 'a created A | b created B', 'Without any year a title tells nothing'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "type": "series", "title": "X", "year": 1999}]]', 'a created A | b created B', 'Not across media types'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X (1999)", "year": 2010}, {"itemId": "c", "title": "X (2010)", "year": 1999}]]', 'a created A | b matched A (title), c created C', 'The year that stands in the title beats the field year'),
    ('[[1, {"itemId": "a", "title": "X (1999) {edition-Final Cut}"}], [2, {"itemId": "b", "title": "X", "year": 1999}]]', 'a created A | b matched A (title)', 'What naming conventions put into a title is no part of it'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"tmdb": "2"}}]]', 'a created A | b created B', 'Titles do not match where the external IDs contradict'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"imdb": "2"}}], [3, {"itemId": "c", "externalIds": {"imdb": "2"}}]]', 'a created A | b matched A (title) | c matched A (external_ids)', 'External IDs of different sources do not contradict; the media item learns what it lacked'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"tmdb": "2"}}], [2, {"itemId": "c", "title": "X", "year": 1999}]]', 'a created A, b created B | c created C; C? A (title), C? B (title)', 'Two candidates: a media item of its own, and both are to be reviewed'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"tmdb": "2"}}], [2, {"itemId": "c", "title": "X", "year": 1999, "externalIds": {"tmdb": "3"}}]]', 'a created A, b created B | c created C', 'Whoever contradicts is no candidate'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"imdb": "2"}}], [2, {"itemId": "c", "title": "X", "year": 1999, "externalIds": {"tmdb": "3"}}]]', 'a created A, b created B | c matched B (title)', 'One of two contradicts: the other one is the only candidate'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}, {"itemId": "b", "title": "X", "year": 1999}]]', 'a created A, b created B', 'The same title twice in one listing: two media items'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X", "year": 1999}, {"itemId": "c", "title": "X", "year": 1999}]]', 'a created A | b created B, c created C; B? A (title), C? A (title)', 'Both may be the one that exists: neither is taken for it, both are to be reviewed'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [1, {"itemId": "a", "title": "X", "year": 1999}, {"itemId": "b", "title": "X", "year": 1999}]]', 'a created A | a kept A, b created B; B? A (title)', 'Also where one of the two is mapped')
) as s (syncs, answers, description);
select is(
    pg_temp.story(jsonb_build_array(
        jsonb_build_array(1, jsonb_build_object('itemId', 'a', 'title', t.one, 'year', 1999)), jsonb_build_array(2, jsonb_build_object('itemId', 'b', 'title', t.other, 'year', 1999))
    )),
    'a created A | b matched A (title)', format('Titles are folded: %s is %s', t.one, t.other)
)
from (values
    ('The Matrix', 'THE MATRIX'), ('Amélie', 'Amelie'), ('WALL·E', 'Wall-E'), ('M*A*S*H', 'Mash'), ('Fast & Furious', 'Fast and  Furious'), ('★', '★')
) as t (one, other);

-- What is stored

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[{"itemId": "s", "type": "series", "title": "Show", "externalIds": {"tvdb": "5"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2}, {"itemId": "m", "type": "movie", "title": "X", "year": 1999}]', p_tenant_id => 3);
    perform pymap.sync_client_items(2, 'kodi', '[{"itemId": "1", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "1", "type": "episode", "parentItemId": "1", "seasonNumber": 1, "episodeNumber": 2}, {"itemId": "1", "type": "movie", "title": "X", "year": 1999}]', p_tenant_id => 3);
end
$$;
select results_eq(
    'select type collate "default", sync_clients from pymap.media_items where tenant_id = 3 order by type',
    $$
        values
            ('episode', '[{"itemId": "e", "clientId": 1, "clientType": "plex"}, {"itemId": "1", "clientId": 2, "clientType": "kodi", "evidence": "numbers"}]'::jsonb),
            ('movie', '[{"itemId": "m", "clientId": 1, "clientType": "plex"}, {"itemId": "1", "clientId": 2, "clientType": "kodi", "evidence": "title"}]'),
            ('series', '[{"itemId": "s", "clientId": 1, "clientType": "plex"}, {"itemId": "1", "clientId": 2, "clientType": "kodi", "evidence": "external_ids"}]')
    $$,
    'The evidence is stored with the mapping; what was created has none'
);
select results_eq(
    $$select i.type collate "default", p.type collate "default", i.parent_number, i.number from pymap.media_items as i left join pymap.media_items as p on p.id = i.parent_id where i.tenant_id = 3 order by 1$$,
    $$values ('episode', 'series', 1, 2), ('movie', null, null, null), ('series', null, null, null)$$, 'So is what an item is part of, and its numbers'
);

select * from finish();

rollback;
