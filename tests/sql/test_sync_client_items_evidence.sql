begin;

select plan(137);

create temporary table names (media_item_id bigint primary key, name text);
create temporary table answers (client_item_id text, media_type text, media_item_id bigint, action text);
-- The temporary tables of a sync, made once.
select pymap.sync_client_items(1, 'plex', '[]');

-- What a sync answers, as one text: each entry with what was done and the media item, named after the ID that created it
-- in capitals, and the evidence; then what is to be reviewed, and what was merged into what. Plain: the rows alone; content:
-- what the media items know.
create function pg_temp.synced(p_client_id bigint, p_items jsonb, p_dry_run boolean default false, out answer text, out plain text, out content text)
language plpgsql as $$
begin
    delete from answers;
    insert into answers
    select * from pymap.sync_client_items(p_client_id, 'plex', p_items, p_dry_run => p_dry_run);
    select string_agg(concat_ws(' ', a.client_item_id, a.action, n.name), ', ' order by a.client_item_id, a.media_type)
    into plain
    from answers as a left join names as n on n.media_item_id = a.media_item_id;
    if p_dry_run then
        return;
    end if;
    insert into names
    select a.media_item_id, upper(min(a.client_item_id)) || case max(a.action) when 'reassigned' then '2' else '' end
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
            left join pymap.get_mapping_evidence(p_client_id) as e
                on e.client_item_id = a.client_item_id and e.media_type = a.media_type and a.action in ('matched', 'rekeyed', 'reassigned')
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
        select to_jsonb(o) - '{id,parent_id,merged_into}'::text[] || jsonb_build_object('parent', p.title) as known
        from pymap.media_items as o left join pymap.media_items as p on p.id = o.parent_id
    ) as i;
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
    union all select m.ctid::text, m::text from pymap.client_items as m
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

-- A mapping decides first

select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999}], [1, {"itemId": "a", "title": "Y", "year": 1999}], [1, {"itemId": "a"}]]',
        'a created A | a kept A | a kept A', 'A mapping decides, whatever the title is now'
    ),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [1, {"itemId": "a", "title": "X", "year": 2015}]]', 'a created A | a kept A', 'Or whatever the year is'),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999}], [1, {"itemId": "a", "title": "Y", "year": 2000}]]', 'a created A | a reassigned A2; A2? A (title)',
        'Where the title and the year are others it does not: the ID was reused, or a person looks at it'
    ),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [1, {"itemId": "a", "title": "Y", "year": 2015}]]', 'a created A | a reassigned A2', 'Where they differ more, the ID was reused'),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999}, {"itemId": "b", "title": "Y", "year": 2015}], [1, {"itemId": "a", "title": "Y", "year": 2015}, {"itemId": "b", "title": "X", "year": 1999}]]',
        'a created A, b created B | a reassigned B (title), b reassigned A (title)', 'Films without external IDs whose IDs were given out anew'
    ),
    (
        '[[1, {"itemId": "a"}, {"itemId": "b", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "externalIds": {"imdb": "tt1"}}, {"itemId": "b", "externalIds": {"imdb": "tt2"}}], [2, {"itemId": "c", "externalIds": {"imdb": "tt1"}}, {"itemId": "d", "externalIds": {"imdb": "tt2"}}]]',
        'a created A, b created B | a kept A, b kept B | c matched A (external_ids), d matched B (external_ids)',
        'It decides where the media item had no external ID, or none of that source, and the item learns the new one'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1", "imdb": "tt1"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "1", "imdb": "tt2"}}], [2, {"itemId": "b", "externalIds": {"imdb": "tt2"}}, {"itemId": "c", "externalIds": {"imdb": "tt1"}}]]',
        'a created A | a kept A | b matched A (external_ids), c created C',
        'It decides where one source contradicts and another one agrees: a server corrects its metadata; what it tells now counts more'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": ["1", "2"]}}], [1, {"itemId": "a", "externalIds": {"tmdb": ["2", "3"]}}]]', 'a created A | a kept A',
        'Several IDs of one source agree where they share one'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "2"}}]]',
        'a created A | a kept A', 'It decides where title and year agree, whatever the external ID is now: the server has corrected it'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "title": "Y", "year": 2001, "externalIds": {"tmdb": "2"}}]]',
        'a created A | a reassigned A2', 'It does not decide where external IDs, title and year contradict it: the ID was reused'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1", "imdb": "tt1"}}], [1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "2", "imdb": "tt2"}}]]',
        'a created A | a reassigned A2; A2? A (title)', 'Nor where all of several external IDs do, even with the same title: a remake'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1", "imdb": "tt1"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "2", "imdb": "tt2"}}]]',
        'a created A | a reassigned A2', 'Nor where several sources contradict it'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "externalIds": {"tmdb": "2"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "2"}}]]',
        'a created A | b created B | a reassigned B (external_ids)', 'What a reused ID stands for now is found by external IDs'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "title": "Y", "year": 1998}], [1, {"itemId": "a", "title": "Y", "year": 1998, "externalIds": {"tmdb": "2"}}]]',
        'a created A | b created B | a reassigned B (title)', 'Or by title and year'
    )
) as s (syncs, answers, description);

-- The server gives the same thing a new ID

select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [2, {"itemId": "x", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "b", "externalIds": {"tmdb": "1"}}]]',
        'a created A | x matched A (external_ids) | b rekeyed A (external_ids)', 'A new ID for an old one that is gone: rekeyed, by external IDs'
    ),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [1, {"itemId": "b", "title": "X (1999)"}]]', 'a created A | b rekeyed A (title)', 'By title and year'),
    (
        '[[1, {"itemId": "s", "type": "series", "title": "Show", "year": 2001}, {"itemId": "e1", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1}, {"itemId": "e2", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2}],
          [1, {"itemId": "t", "type": "series", "title": "Show", "year": 2001}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1}, {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2}]]',
        'e1 created E1, e2 created E2, s created S | f1 rekeyed E1 (numbers), f2 rekeyed E2 (numbers), t rekeyed S (title)', 'By the numbers below a parent that is rekeyed itself'
    ),
    ('[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"tmdb": "1"}}]]', 'a created A | a kept A, b matched A (external_ids)', 'Where the old ID is still listed it is another edition, not a new ID'),
    ('[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "b", "externalIds": {"tmdb": "1"}}, {"itemId": "c", "externalIds": {"tmdb": "1"}}]]', 'a created A | b rekeyed A (external_ids), c matched A (external_ids)', 'One old ID and two new ones: one is rekeyed, the other a new edition'),
    ('[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "c", "externalIds": {"tmdb": "1"}}, {"itemId": "d", "externalIds": {"tmdb": "1"}}]]', 'a created A, b created A | c rekeyed A (external_ids), d rekeyed A (external_ids)', 'Two old ones and two new ones: both are rekeyed'),
    ('[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "c", "externalIds": {"tmdb": "1"}}]]', 'a created A, b created A | b removed A, c rekeyed A (external_ids)', 'Two old ones and one new: the other one is removed')
) as s (syncs, answers, description);

-- The server uses an ID for something else

select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"tmdb": "2"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "2"}}, {"itemId": "b", "externalIds": {"tmdb": "1"}}]]',
        'a created A, b created B | a reassigned B (external_ids), b reassigned A (external_ids)', 'Two IDs are swapped'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"tmdb": "2"}}, {"itemId": "c", "externalIds": {"tmdb": "3"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "2"}}, {"itemId": "b", "externalIds": {"tmdb": "3"}}, {"itemId": "c", "externalIds": {"tmdb": "1"}}]]',
        'a created A, b created B, c created C | a reassigned B (external_ids), b reassigned C (external_ids), c reassigned A (external_ids)', 'Three go round'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"tmdb": "2"}}], [1, {"itemId": "b", "externalIds": {"tmdb": "1"}}, {"itemId": "c", "externalIds": {"tmdb": "2"}}]]',
        'a created A, b created B | b reassigned A (external_ids), c rekeyed B (external_ids)', 'IDs shift by one'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "1", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "11"}}, {"itemId": "2", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"tvdb": "12"}}],
          [1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "2", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "11"}}, {"itemId": "3", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"tvdb": "12"}}]]',
        '1 created 1, 2 created 2, s created S | 2 reassigned 1 (external_ids), 3 rekeyed 2 (external_ids), s kept S', 'Also those of episodes'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "9"}}, {"itemId": "b", "externalIds": {"tmdb": "1"}}]]',
        'a created A | a reassigned A2, b rekeyed A (external_ids)', 'Rekeyed and reassigned at once: the old thing has a new ID, the old ID stands for a new thing'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"tmdb": "2"}}], [1, {"itemId": "b", "externalIds": {"tmdb": "1"}}]]',
        'a created A, b created B | b reassigned A (external_ids)', 'The old ID of one goes to another one, whose own is gone'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "title": "Y", "externalIds": {"tmdb": "2"}}], [1, {"itemId": "a", "title": "X", "externalIds": {"tmdb": "1"}}]]',
        'a created A | a reassigned A2 | a reassigned A (external_ids)', 'There and back'
    )
) as s (syncs, answers, description);

-- An entry shows two media items to be one

select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "tt2"}}], [2, {"itemId": "c", "externalIds": {"tmdb": "1", "imdb": "tt2"}}]]',
        'a created A, b created B | c matched A (external_ids); B into A', 'An entry with the IDs of two media items merges them, the newer into the older'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}]]',
        'a created A | b created B | a kept A; B into A', 'So does an entry that is mapped to one and tells an ID of the other'
    ),
    (
        '[[1, {"itemId": "a"}], [2, {"itemId": "b", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "1"}}]]', 'a created A | b created B | a reassigned B (external_ids)',
        'But where a mapping is all that speaks for the one, the ID says that it is the other'
    ),
    (
        '[[2, {"itemId": "c", "externalIds": {"tmdb": ["5", "2"], "tvdb": "1"}}, {"itemId": "d", "externalIds": {"tmdb": ["3", "1"]}}], [1, {"itemId": "a", "externalIds": {"tvdb": "4", "imdb": "tt5"}}], [3, {"itemId": "x", "externalIds": {"imdb": "tt5", "tmdb": ["1", "2", "3"], "tvdb": "1"}}]]',
        'c created C, d created D | a created A | x matched C (external_ids)', 'An entry that is a third one does not unite two of which it also has IDs'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "externalIds": {"imdb": "tt2"}}], [3, {"itemId": "c", "externalIds": {"tmdb": "1", "tvdb": "3"}}, {"itemId": "d", "externalIds": {"tvdb": "3", "imdb": "tt2"}}]]',
        'a created A | b created B | c matched A (external_ids), d matched A (external_ids); B into A', 'So do two entries that share an ID'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1", "tvdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "tt2", "tvdb": "2"}}], [2, {"itemId": "c", "externalIds": {"tmdb": "1", "imdb": "tt2"}}]]',
        'a created A, b created B | c created C; C? A (external_ids), C? B (external_ids)', 'But not where the two contradict each other: the entry becomes an item of its own, and both are to be reviewed'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "externalIds": {"imdb": "tt1"}}], [3, {"itemId": "c", "externalIds": {"tvdb": "1"}}], [4, {"itemId": "d", "externalIds": {"tvdb": "1", "imdb": "tt1"}}], [5, {"itemId": "e", "externalIds": {"tmdb": "1", "imdb": "tt1"}}]]',
        'a created A | b created B | c created C | d matched B (external_ids); C into B | e matched A (external_ids); B into A, C into A', 'Redirects never chain'
    ),
    (
        '[[1, {"itemId": "a"}, {"itemId": "c", "title": "C", "externalIds": {"tmdb": "1"}}], [1, {"itemId": "a", "externalIds": {"tmdb": ["1", "3"]}}, {"itemId": "c", "title": "D", "externalIds": {"tmdb": "4"}}]]',
        'a created A, c created C | a kept A, c reassigned C2; C into A', 'A merged item leaves behind what the same listing reassigns'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "tt2"}}], [1, {"itemId": "a", "externalIds": {"tmdb": "1", "imdb": "tt2"}}]]',
        'a created A, b created B | a kept A, b removed A; B into A', 'And what is no longer listed'
    )
) as s (syncs, answers, description);

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "s", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "s1", "type": "season", "parentItemId": "s", "seasonNumber": 1},
        {"itemId": "e1", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1}, {"itemId": "x1", "type": "episode", "parentItemId": "s", "title": "Extra"}
    ]', p_tenant_id => 1);
    perform pymap.sync_client_items(2, 'emby', '[
        {"itemId": "t", "type": "series", "title": "Show", "year": 2001, "externalIds": {"imdb": "tt7"}}, {"itemId": "t1", "type": "season", "parentItemId": "t", "seasonNumber": 1},
        {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1}, {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2},
        {"itemId": "y1", "type": "episode", "parentItemId": "t", "title": "extra!"}
    ]', p_tenant_id => 1);
end
$$;
create temporary table before_merge as
select m.client_item_id collate "default" as name, i.* from pymap.media_items as i join pymap.client_items as m on m.tenant_id = 1 and m.media_item_id = i.id;
create function pg_temp.now_of(p_name text) returns bigint language sql as $$ select pymap.resolve_media_item((select id from before_merge where name = p_name), 1) $$;
select results_eq(
    $$
        select action, media_item_id
        from pymap.sync_client_items(3, 'kodi', '[
            {"itemId": "1", "type": "series", "externalIds": {"imdb": "tt7", "tvdb": "5"}}, {"itemId": "1", "type": "season", "parentItemId": "1", "seasonNumber": 1},
            {"itemId": "1", "type": "episode", "parentItemId": "1", "seasonNumber": 1, "episodeNumber": 1}
        ]', p_tenant_id => 1)
    $$,
    $$select 'matched', id from before_merge as b join unnest(array['s', 's1', 'e1']) with ordinality as n (name, position) using (name) order by n.position$$,
    'A third server shows that two series are one'
);
select results_eq(
    $$select i.title, i.release_year, i.external_ids, i.sync_clients from pymap.media_items as i where i.id = pg_temp.now_of('t')$$,
    $$
        values ('Show', 2001, '[{"id": "5", "source": "tvdb"}, {"id": "tt0000007", "source": "imdb"}]'::jsonb, '[
            {"itemId": "s", "clientId": 1, "clientType": "plex"}, {"itemId": "t", "clientId": 2, "clientType": "emby"}, {"itemId": "1", "clientId": 3, "clientType": "kodi"}
        ]'::jsonb)
    $$,
    'The one that stays gets the title, the year, the external IDs and the mappings of the other one'
);
select results_eq(
    $$select i.merged_into, i.sync_clients, i.external_ids, i.parent_id from pymap.media_items as i join before_merge as b on b.id = i.id where b.name = 't'$$,
    $$select s.id, '[]'::jsonb, '[]'::jsonb, null::bigint from before_merge as s where s.name = 's'$$,
    'The other one keeps its row, as a redirect'
);
select results_eq(
    $$select name, pg_temp.now_of(name) = id, (select name from before_merge as o where o.id = pg_temp.now_of(b.name)) from before_merge as b order by 1$$,
    $$values ('e1', true, 'e1'), ('f1', false, 'e1'), ('f2', true, 'f2'), ('s', true, 's'), ('s1', true, 's1'), ('t', false, 's'), ('t1', false, 's1'), ('x1', true, 'x1'), ('y1', false, 'x1')$$,
    'Their children with the same numbers are merged too, without numbers those with the same title; resolve_media_item follows'
);
select results_eq(
    $$select distinct parent_id from pymap.media_items where tenant_id = 1 and parent_id is not null$$, $$select id from before_merge where name = 's'$$, 'All children are those of the series that stays'
);
select results_eq(
    $$select i.id, pymap.get_media_item_by_client_id(2, i.id, 1) from unnest(array['t', 't1', 'f1', 'f2', 'y1']) as i (id)$$,
    $$select v.id, pg_temp.now_of(v.id) from unnest(array['t', 't1', 'f1', 'f2', 'y1']) as v (id)$$, 'Look-ups answer with the media items that stayed'
);
select is_empty(
    $$select from pymap.media_items as i join pymap.media_items as t on t.id = i.merged_into where t.merged_into is not null$$, 'No redirect leads to another one'
);

-- What was found by trying

select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    (
        '[[1, {"itemId": "b", "externalIds": {"tmdb": "3", "tvdb": "2"}}, {"itemId": "c", "externalIds": {"tmdb": "1", "tvdb": "2"}}, {"itemId": "a", "externalIds": {"imdb": "tt5"}}], [2, {"itemId": "x", "externalIds": {"tmdb": "3", "imdb": "tt5"}}]]',
        'a created A, b created B, c created C | x matched A (external_ids); B into A',
        'A merge is not held up by a media item that shares a contested ID with the duplicate'
    ),
    (
        '[[1, {"itemId": "e1", "type": "episode", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "5"}}, {"itemId": "e2", "type": "episode", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"tvdb": "5"}}], [2, {"itemId": "f2", "type": "episode", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"tvdb": "5"}}]]',
        'e1 created E1, e2 created E2 | f2 matched E2 (external_ids)',
        'Episodes with different numbers and no known parent are never merged, whatever ID they share; of two that share it the number tells'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e1", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1}], [2, {"itemId": "t", "type": "series", "externalIds": {"imdb": "tt1"}}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1}], [3, {"itemId": "u", "type": "series", "externalIds": {"tvdb": "1", "imdb": "tt1"}}]]',
        'e1 created E1, s created S | f1 created F1, t created T | u matched S (external_ids); F1 into E1, T into S',
        'Children of merged parents are merged, also if the listing has none of them'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"tmdb": "1"}}, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}]]',
        'a created A, b created A',
        'A new media item knows what any of its editions knows'
    ),
    (
        '[[1, {"itemId": "a", "title": "", "year": 1999}], [2, {"itemId": "b", "title": " ", "year": 1999}]]',
        'a created A | b created B',
        'A blank title is none'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tmdb": "2"}}, {"itemId": "a", "type": "episode", "externalIds": {"tmdb": "4"}}], [1, {"itemId": "t", "type": "series"}, {"itemId": "a", "type": "episode", "externalIds": {"tmdb": "2"}, "parentItemId": "s"}]]',
        'a created A, s created S | a reassigned A2, s removed S, t created T; A2? A (title)',
        'A parent that the listing takes away is no parent any more'
    ),
    (
        '[[2, {"itemId": "s", "type": "series"}, {"itemId": "b", "type": "episode", "externalIds": {"imdb": "tt4", "tvdb": "3"}}], [2, {"itemId": "s", "type": "series"}, {"itemId": "a", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 3, "externalIds": {"tvdb": "4"}}, {"itemId": "b", "type": "episode", "parentItemId": "s", "seasonNumber": 2, "episodeNumber": 3, "externalIds": {"imdb": "tt4", "tvdb": "4"}}]]',
        'b created B, s created S | a created A, b kept B, s kept S',
        'Entries that are settled still tell siblings apart'
    ),
    (
        '[[3, {"itemId": "c", "externalIds": {"imdb": "tt2"}}], [3, {"itemId": "d", "externalIds": {"imdb": "tt4", "tvdb": ["2", "4"]}}, {"itemId": "a", "externalIds": {"imdb": "tt2", "tvdb": "3"}}, {"itemId": "c", "externalIds": {"tvdb": "2"}}], [3, {"itemId": "b", "externalIds": {"tvdb": ["3", "2"]}}, {"itemId": "c", "externalIds": {"imdb": "tt1", "tvdb": "3"}}]]',
        'c created C | a rekeyed C (external_ids), c reassigned C2, d created C2 | a removed C, b created B2, c reassigned B2, d removed C2; B2? C (external_ids), B2? C2 (external_ids)',
        'A media item goes to the entry that it fits best, not to the one that is mapped to it; what is in doubt between two is neither, and nothing is merged'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "2"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1}], [1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "2"}}, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1}]]',
        'e created E, f created F, s created S, t created T | e reassigned F (numbers), f reassigned E (numbers), s reassigned T (external_ids), t reassigned S (external_ids)',
        'Two series that swap their IDs take their episodes along'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One"}], [1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "e", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "title": "Uno"}, {"itemId": "f", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One"}]]',
        'e created E, s created S | e reassigned E2, f rekeyed E (numbers), s kept S, t created T',
        'An ID that is used again below another series, while another entry stands where it stood'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One"}, {"itemId": "f", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "Two"}], [1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "f", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One"}, {"itemId": "g", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "Two"}]]',
        'e created E, f created F, s created S | f reassigned E (numbers), g rekeyed F (numbers), s kept S',
        'IDs that were moved on along the episodes of a series'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One"}, {"itemId": "f", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "Two"}], [1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "One"}, {"itemId": "f", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "Two"}]]',
        'e created E, f created F, s created S | e kept E, f kept F, s kept S',
        'A server that has changed to another order of episodes keeps its IDs: the titles say so'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One"}], [1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "Uno"}]]',
        'e created E, s created S | e reassigned E2, s kept S',
        'Another number and another title: the ID stands for another episode'
    ),
    (
        '[[1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1, "title": "One"}], [1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "One"}], [1, {"itemId": "s", "type": "series", "externalIds": {"tvdb": "1"}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2, "title": "Uno"}]]',
        'e created E, s created S | e kept E, s kept S | e kept E, s kept S',
        'Another number alone, or another title alone, does not take a mapping away'
    ),
    (
        '[[1, {"itemId": "a", "type": "album", "title": "Abbey Road", "year": 1969}, {"itemId": "t", "type": "track", "parentItemId": "a", "trackNumber": 1}], [1, {"itemId": "b", "type": "album", "title": "abbey road", "year": 1969}, {"itemId": "u", "type": "track", "parentItemId": "b", "trackNumber": 1}], [2, {"itemId": "r", "type": "artist", "title": "The Beatles"}, {"itemId": "c", "type": "album", "title": "Abbey Road", "year": 1969, "parentItemId": "r"}]]',
        'a created A, t created T | b rekeyed A (title), u rekeyed T (numbers) | c matched A (title), r created R',
        'An album whose artist is not known is told by title and year'
    ),
    (
        '[[2, {"itemId": "c", "externalIds": {"tmdb": ["5", "2"], "tvdb": "1"}}, {"itemId": "d", "externalIds": {"tmdb": ["3", "1"]}}], [1, {"itemId": "a", "externalIds": {"tvdb": "4", "imdb": "tt5"}}], [1, {"itemId": "a", "externalIds": {"imdb": "tt5", "tmdb": ["1", "2", "3"], "tvdb": "1"}}]]',
        'c created C, d created D | a created A | a reassigned C (external_ids)',
        'A mapping that is in dispute goes where the evidence is heaviest, unites nothing, and the next run decides alike'
    ),
    (
        '[[1, {"itemId": "a", "type": "artist", "externalIds": {"musicbrainz": "0000000a-abcd-4abc-8abc-abcdefabcdef"}}, {"itemId": "b", "type": "artist", "externalIds": {"musicbrainz": "0000000b-abcd-4abc-8abc-abcdefabcdef"}}], [2, {"itemId": "c", "type": "artist", "externalIds": {"musicbrainz": "0000000a-abcd-4abc-8abc-abcdefabcdef/0000000b-abcd-4abc-8abc-abcdefabcdef"}}]]',
        'a created A, b created B | c created C; C? A (external_ids), C? B (external_ids)',
        'An entry with the IDs of two artists makes them neither one nor itself one of them'
    ),
    (
        '[[2, {"itemId": "c", "type": "artist", "externalIds": {"musicbrainz": "0000000a-abcd-4abc-8abc-abcdefabcdef/0000000b-abcd-4abc-8abc-abcdefabcdef"}}], [1, {"itemId": "a", "type": "artist", "externalIds": {"musicbrainz": "0000000a-abcd-4abc-8abc-abcdefabcdef"}}, {"itemId": "b", "type": "artist", "externalIds": {"musicbrainz": "0000000b-abcd-4abc-8abc-abcdefabcdef"}}]]',
        'c created C | a created A, b created B; A? C (external_ids), B? C (external_ids)',
        'Nor if it comes first'
    )
) as s (syncs, answers, description);

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
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"imdb": "tt1", "tmdb": "1"}}], [2, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"imdb": "tt1", "tmdb": "2"}}]]',
        'a created A | b matched A (external_ids)', 'Also where another source contradicts, if title and year agree: one ID is wrong'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"imdb": "tt1", "tmdb": "1"}}], [2, {"itemId": "b", "title": "Y", "year": 1999, "externalIds": {"imdb": "tt1", "tmdb": "2"}}]]',
        'a created A | b created B; B? A (external_ids)', 'Not where another source contradicts and the title too; that is to be reviewed'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"imdb": "tt1"}}], [2, {"itemId": "b", "title": "Y", "year": 2010, "externalIds": {"imdb": "tt1"}}]]',
        'a created A | b created B; B? A (external_ids)', 'Nor where title and year both differ'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"imdb": "tt1", "tmdb": "1", "tvdb": "1"}}], [2, {"itemId": "b", "title": "Y", "year": 2010, "externalIds": {"imdb": "tt1", "tmdb": "1", "tvdb": "2"}}]]',
        'a created A | b matched A (external_ids)', 'One wrong ID among several that agree, whatever title and year are'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"sonarr": "5"}}], [2, {"itemId": "b", "title": "Y", "year": 2010, "externalIds": {"sonarr": "5"}}]]',
        'a created A | b created B', 'An ID of a source that is private to one program says nothing'
    ),
    (
        '[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"letterboxd": "5"}}], [2, {"itemId": "b", "title": "Y", "year": 2010, "externalIds": {"letterboxd": "5"}}, {"itemId": "c", "title": "X", "year": 1999, "externalIds": {"letterboxd": "6"}}]]',
        'a created A | b created B, c matched A (title)', 'That of a source that pymap does not know says next to nothing, and never contradicts'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "tt1", "tvdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "tt1", "tvdb": "2"}}], [2, {"itemId": "c", "externalIds": {"imdb": "tt1"}}]]',
        'a created A, b created B | c created C; C? A (external_ids), C? B (external_ids)',
        'Not where several media items share the ID and contradict each other: the candidates are to be reviewed'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "tt1", "tvdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "tt1", "tvdb": "2"}}], [2, {"itemId": "c", "externalIds": {"imdb": "tt1", "tvdb": "2"}}]]',
        'a created A, b created B | c matched B (external_ids)', 'Of two that share an ID, the one that does not contradict'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "tt1,tt2", "tvdb": "1/2"}}], [2, {"itemId": "b", "externalIds": {"imdb": "tt2"}}, {"itemId": "c", "externalIds": {"tvdb": ["2", "3"]}}], [3, {"itemId": "d", "externalIds": {"tvdb": "3"}}]]',
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
        '[[1, {"itemId": "a", "externalIds": {"imdb": "tt1"}}, {"itemId": "b", "externalIds": {"imdb": "tt1", "tvdb": "2"}}, {"itemId": "c", "externalIds": {"tvdb": "2"}}]]',
        'a created A, b created A, c created A', 'A chain of shared external IDs is one media item'
    ),
    (
        '[[1, {"itemId": "a", "externalIds": {"imdb": "tt1", "tmdb": "1"}}, {"itemId": "b", "externalIds": {"imdb": "tt1", "tmdb": "2"}}]]',
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
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tmdb": "6"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "title": "One"}],
         [2, {"itemId": "t", "type": "series", "externalIds": {"tmdb": "6"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "title": "One", "externalIds": {"tvdb": "11"}}]',
        'f created F, t created T | f kept E1, t kept T; F into E1', 'An external ID that is reported later unites two episodes below parents that nothing connects'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tmdb": "6"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "One"}],
         [2, {"itemId": "t", "type": "series", "externalIds": {"tmdb": "6"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "One", "externalIds": {"tvdb": "11"}}]',
        'f created F, t created T | f kept F, t kept T', 'Not if their numbers differ as well'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"tvdb": "11"}}]',
        'f matched E2 (numbers), t matched S (external_ids)', 'An external ID of another number counts less than the numbers'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "One", "externalIds": {"tvdb": "11"}}]',
        'f matched E1 (external_ids), t matched S (external_ids)', 'External ID and title together count more'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "One"}]',
        'f matched E1 (title), t matched S (external_ids)', 'A title that only one sibling has comes before numbers: providers number differently'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Zwei"}]',
        'f matched E2 (numbers), t matched S (external_ids)', 'Where no title agrees the numbers tell: it is translated'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "12"}}]',
        'f created F, t matched S (external_ids); F? E1 (numbers)', 'Numbers do not match where the external IDs contradict; that is to be reviewed'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "title": "Two"}, {"itemId": "g", "type": "episode", "parentItemId": "t", "title": "Three"}]',
        'f matched E2 (title), g created G, t matched S (external_ids)', 'Without numbers it is the title below the same parent, with no year'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 3, "title": "Two"}]',
        'f matched E2 (title), t matched S (external_ids)', 'Also with other numbers, if no sibling has the title'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 3, "title": "Two"}, {"itemId": "g", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 4, "title": "Two"}]',
        'f created F, g created G, t matched S (external_ids)', 'But not where several have it'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Two."}, {"itemId": "g", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Two!"}]',
        'f created F, g created G, t matched S (external_ids); F? E2 (numbers), G? E2 (numbers)', 'Two entries with the same numbers and the same title, and nothing else, compete: neither is it, both are to be reviewed'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Two"}, {"itemId": "g", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "title": "Making of"}]',
        'f matched E2 (numbers), g created G, t matched S (external_ids)', 'With different titles the title decides'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"tvdb": "5"}},
             {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"tvdb": "5"}}]',
        'f1 matched E1 (numbers), f2 matched E2 (numbers), t matched S (external_ids)', 'A series'' ID on all of its episodes is no ID of theirs'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": ["111", "112"]}}],
         [3, {"itemId": "u", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "g1", "type": "episode", "parentItemId": "u", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": "tt111"}},
             {"itemId": "g2", "type": "episode", "parentItemId": "u", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"imdb": "tt112"}}]',
        'f matched E1 (numbers), t matched S (external_ids) | g1 matched E1 (external_ids), g2 matched E2 (numbers), u matched S (external_ids)',
        'A file of two episodes, one entry with the IDs of both: the episodes stay two'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": "tt111"}},
             {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"imdb": "tt111"}}]',
        'f1 matched E1 (numbers), f2 matched E2 (numbers), t matched S (external_ids)', 'A file of two episodes, two entries with one ID: two episodes, by their numbers'
    ),
    (
        '[2, {"itemId": "t", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "f1", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": "tt111"}},
             {"itemId": "f2", "type": "episode", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 2, "externalIds": {"imdb": "tt112"}}],
         [3, {"itemId": "u", "type": "series", "externalIds": {"tvdb": "5"}}, {"itemId": "g", "type": "episode", "parentItemId": "u", "seasonNumber": 1, "episodeNumber": 1, "externalIds": {"imdb": ["111", "112"]}}]',
        'f1 matched E1 (numbers), f2 matched E2 (numbers), t matched S (external_ids) | g matched E1 (external_ids), u matched S (external_ids)',
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
        'al created AL, ar created AR, t1 created T1, t2 created T2 | bl matched AL (title), br matched AR (title), u1 matched T1 (numbers), u2 matched T2 (numbers), u3 created U3 | cl created CL, cr created CR; CL? AL (title)',
        'An artist matches by the title alone, an album by its title below the artist, a track by disc and number below the album'
    )
) as s (syncs, answers, description);

-- By title and year

select is(pg_temp.story(s.syncs::jsonb), s.answers, s.description)
from (values
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X", "year": 1999}]]', 'a created A | b matched A (title)', 'The same title and year match'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X", "year": 2000}, {"itemId": "c", "title": "X"}]]', 'a created A | b matched A (title), c created C', 'One a year apart does; where it competes with one that has no year it fits better'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X", "year": 2001}]]', 'a created A | b created B', 'Another year does not: a remake'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X"}]]', 'a created A | b created B; B? A (title)', 'Nor one that is not known; that is to be reviewed'),
    ('[[1, {"itemId": "a", "title": "X"}], [2, {"itemId": "b", "title": "X"}]]', 'a created A | b matched A (title)', 'Where nobody knows a year the title is enough'),
    ('[[1, {"itemId": "a", "title": "X"}], [2, {"itemId": "b", "title": "Y"}]]', 'a created A | b created B', 'But no other title is'),
    ('[[1, {"itemId": "a", "title": "Amélie", "year": 1999}, {"itemId": "b", "title": "Amelie", "year": 1999}], [2, {"itemId": "c", "title": "Amelie", "year": 1999}]]', 'a created A, b created B | c matched B (title)', 'Of two titles that are folded alike the one with the same spelling'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "type": "series", "title": "X", "year": 1999}]]', 'a created A | b created B', 'Not across media types'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X (1999)", "year": 2010}, {"itemId": "c", "title": "X (2010)", "year": 1999}]]', 'a created A | b matched A (title), c created C', 'The year that stands in the title beats the field year'),
    ('[[1, {"itemId": "a", "title": "X (1999) {edition-Final Cut}"}], [2, {"itemId": "b", "title": "X", "year": 1999}]]', 'a created A | b matched A (title)', 'What naming conventions put into a title is no part of it'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"tmdb": "2"}}]]', 'a created A | b created B; B? A (title)', 'Titles do not match where the external IDs contradict; that is to be reviewed'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}], [2, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"imdb": "tt2"}}], [3, {"itemId": "c", "externalIds": {"imdb": "tt2"}}]]', 'a created A | b matched A (title) | c matched A (external_ids)', 'External IDs of different sources do not contradict; the media item learns what it lacked'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"tmdb": "2"}}], [2, {"itemId": "c", "title": "X", "year": 1999}]]', 'a created A, b created B | c created C; C? A (title), C? B (title)', 'Two candidates: a media item of its own, and both are to be reviewed'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"tmdb": "2"}}], [2, {"itemId": "c", "title": "X", "year": 1999, "externalIds": {"tmdb": "3"}}]]', 'a created A, b created B | c created C; C? A (title), C? B (title)', 'Those who contradict are only to be reviewed'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999, "externalIds": {"tmdb": "1"}}, {"itemId": "b", "title": "X", "year": 1999, "externalIds": {"imdb": "tt2"}}], [2, {"itemId": "c", "title": "X", "year": 1999, "externalIds": {"tmdb": "3"}}]]', 'a created A, b created B | c matched B (title)', 'One of two contradicts: the other one is the only candidate'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}, {"itemId": "b", "title": "X", "year": 1999}]]', 'a created A, b created B', 'The same title twice in one listing: two media items'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [2, {"itemId": "b", "title": "X", "year": 1999}, {"itemId": "c", "title": "X", "year": 1999}]]', 'a created A | b created B, c created C; B? A (title), C? A (title)', 'Both may be the one that exists: neither is taken for it, both are to be reviewed'),
    ('[[1, {"itemId": "a", "title": "X", "year": 1999}], [1, {"itemId": "a", "title": "X", "year": 1999}, {"itemId": "b", "title": "X", "year": 1999}]]', 'a created A | a kept A, b created B', 'Where one of the two is mapped, that is it')
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
            ('episode', '[{"itemId": "e", "clientId": 1, "clientType": "plex"}, {"itemId": "1", "clientId": 2, "clientType": "kodi"}]'::jsonb),
            ('movie', '[{"itemId": "m", "clientId": 1, "clientType": "plex"}, {"itemId": "1", "clientId": 2, "clientType": "kodi"}]'),
            ('series', '[{"itemId": "s", "clientId": 1, "clientType": "plex"}, {"itemId": "1", "clientId": 2, "clientType": "kodi"}]')
    $$,
    'Both are in the array, and nothing but them'
);
select results_eq(
    $$
        select c.n, e.media_type collate "default", e.evidence collate "default", e.weight, e.comparisons
        from generate_series(1, 2) as c (n) cross join lateral pymap.get_mapping_evidence(c.n, null, 3) as e order by 1, 2
    $$,
    $$
        values
            (1, 'episode', null, null::integer, null::jsonb), (1, 'movie', null, null, null), (1, 'series', null, null, null),
            (2, 'episode', 'numbers', 10, '{"place": 10}'), (2, 'movie', 'title', 10, '{"title": 7, "year": 3}'),
            (2, 'series', 'external_ids', 14, '{"tvdb": 12, "year": 2}')
    $$,
    'The evidence is stored with the mapping; what was created has none'
);
select results_eq(
    $$select i.type collate "default", p.type collate "default", i.parent_number, i.number from pymap.media_items as i left join pymap.media_items as p on p.id = i.parent_id where i.tenant_id = 3 order by 1$$,
    $$values ('episode', 'series', 1, 2), ('movie', null, null, null), ('series', null, null, null)$$, 'So is what an item is part of, and its numbers'
);

-- After all this

select is_empty(
    $$
        (
            select i.tenant_id, s."clientId", s."itemId", i.type, i.id
            from pymap.media_items as i, jsonb_to_recordset(i.sync_clients) as s ("clientId" bigint, "itemId" text)
            except
            select tenant_id, client_id, client_item_id, media_type, media_item_id from pymap.client_items
        )
        union all
        (
            select tenant_id, client_id, client_item_id, media_type, media_item_id from pymap.client_items
            except
            select i.tenant_id, s."clientId", s."itemId", i.type, i.id
            from pymap.media_items as i, jsonb_to_recordset(i.sync_clients) as s ("clientId" bigint, "itemId" text)
        )
    $$,
    'The lookup table agrees with the arrays'
);

select * from finish();

rollback;
