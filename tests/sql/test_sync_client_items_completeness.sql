begin;

select plan(38);

-- Movies of a listing.
create function pg_temp.movies(p_from integer, p_to integer) returns jsonb language sql as $$
    select coalesce(jsonb_agg(jsonb_build_object('itemId', n::text, 'type', 'movie', 'externalIds', jsonb_build_object('tvmaze', n)) order by n), '[]')
    from generate_series(p_from, p_to) as n;
$$;
-- What a reader appends to a page.
create function pg_temp.page(p_total integer, p_start integer, p_count integer) returns jsonb language sql as $$
    select jsonb_build_array(jsonb_build_object('listing', jsonb_build_object('total', p_total, 'start', p_start, 'count', p_count, 'first', p_start::text)));
$$;
-- What becomes of client 1's movies 1 to 6 and series s, or how it is refused. Nothing of it is left.
create function pg_temp.answer(p_items jsonb, p_arguments text default '') returns text language plpgsql as $$
declare
    v_answer text;
    v_detail text;
begin
    perform pymap.sync_client_items(1, 'plex', pg_temp.movies(1, 6) || '[{"itemId": "s", "type": "series"}]');
    execute format(
        'select string_agg(concat_ws('' '', a.action, a.count), '', '' order by a.action) from (select action, count(*) from pymap.sync_client_items(1, ''plex'', $1%s) group by action) as a',
        p_arguments
    ) into v_answer using p_items;
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then return coalesce(v_answer, 'nothing');
    when others then
        get stacked diagnostics v_detail = pg_exception_detail;
        return concat_ws(' ', sqlstate, substring(v_detail from 'has \d+ entries, but the listing holds \d+'));
end
$$;

-- Pages

select is(pg_temp.answer(c.items, c.arguments), c.answer, c.description)
from (values
    (pg_temp.movies(1, 3), '', 'kept 3, removed 3', 'A listing that says nothing of itself is taken for complete'),
    (pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3), '', 'PM004 has 6 entries, but the listing holds 3', 'The first of two pages removes nothing: it is refused'),
    (pg_temp.movies(4, 6) || pg_temp.page(6, 3, 3), '', 'PM004 has 6 entries, but the listing holds 3', 'So is the last one'),
    (pg_temp.page(6, 6, 0), '', 'PM004 has 6 entries, but the listing holds 0', 'And the one after it'),
    (pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3) || pg_temp.movies(4, 6) || pg_temp.page(6, 3, 3), '', 'kept 6', 'All pages together are complete'),
    (pg_temp.movies(4, 6) || pg_temp.page(6, 3, 3) || pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3), '', 'kept 6', 'In any order'),
    (pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3) || pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3), '', 'PM004 has 6 entries, but the listing holds 3', 'The same page twice counts once'),
    (pg_temp.movies(1, 2) || pg_temp.page(6, 0, 2) || pg_temp.movies(5, 6) || pg_temp.page(6, 4, 2), '', 'PM004 has 6 entries, but the listing holds 4', 'The page in the middle is missing'),
    (pg_temp.movies(1, 3) || pg_temp.page(5, 0, 3) || '[{"error": "no itemId"}]' || pg_temp.movies(4, 4) || pg_temp.page(5, 3, 2), '', 'kept 4, removed 2, unusable 1', 'Unusable entries count as handed over: the total is the server''s'),
    (pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3), ', p_dry_run => true', 'PM004 has 6 entries, but the listing holds 3', 'A dry run is refused alike'),
    (pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3), ', array[''series'']', 'PM004 has 6 entries, but the listing holds 3', 'Whatever media types it covers'),
    (pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3), ', p_max_removed_fraction => 1', 'PM004 has 6 entries, but the listing holds 3', 'Whatever share may go'),
    (pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3), ', p_allow_removals => true', 'kept 3, removed 3', 'p_allow_removals takes it as it is'),
    (pg_temp.movies(1, 6) || '[{"itemId": "s", "type": "series"}]' || pg_temp.page(7, 0, 7), '', 'kept 7', 'A page that is the whole'),
    (
        pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3) || pg_temp.movies(4, 6) || pg_temp.page(6, 3, 3) || '[{"itemId": "s", "type": "series"}]' || pg_temp.page(2, 0, 1), '',
        'PM004 has 2 entries, but the listing holds 1', 'Two listings, of which the second is incomplete'
    ),
    (
        pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3) || pg_temp.movies(4, 6) || pg_temp.page(6, 3, 3) || '[{"itemId": "s", "type": "series"}]', '',
        'kept 7', 'Two listings, one in pages and one at once'
    ),
    ('[]', '', 'nothing', 'No entries and no word')
) as c (items, arguments, answer, description);
select matches(
    helpers.refusal(format('select * from pymap.sync_client_items(1, ''plex'', %L)', pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3))),
    '^PM004\|The server says that it has 6 entries, but the listing holds 3\. Nothing was written\.\|.*all pages.*p_allow_removals.*', 'DETAIL has the numbers, HINT what to do'
);
select is_empty('select from pymap.media_items', 'And nothing was written');

-- What the readers make of real answers

create function pg_temp.jellyfin(p_total integer, p_start integer, variadic p_ids text[]) returns jsonb language sql as $$
    select pymap.items_from_jellyfin(jsonb_build_object(
        'Items', (select jsonb_agg(jsonb_build_object('Id', repeat(i, 32), 'Type', 'Movie', 'Name', 'Film ' || i)) from unnest(p_ids) as i), 'TotalRecordCount', p_total, 'StartIndex', p_start
    ));
$$;
select is(helpers.refusal(format('select * from pymap.sync_client_items(%s)', r.arguments)) ~ '^PM004\|The server says that it has 3 entries, but the listing holds 2', r.is_refused, r.description)
from (values
    (format('2, ''jellyfin'', %L', pg_temp.jellyfin(3, 0, 'a', 'b')), true, 'Jellyfin: TotalRecordCount'),
    (format('2, ''jellyfin'', %L', pg_temp.jellyfin(3, 0, 'a', 'b') || pg_temp.jellyfin(3, 2, 'c')), false, 'Jellyfin: both pages'),
    (
        format('3, ''emby'', %L', pymap.items_from_emby('{"Items": [{"Id": "1", "Type": "Movie", "Name": "A"}, {"Id": "2", "Type": "Movie", "Name": "B"}], "TotalRecordCount": 3}')),
        true, 'Emby: TotalRecordCount'
    ),
    (
        format('4, ''plex'', %L', pymap.items_from_plex('{"MediaContainer": {"size": 2, "totalSize": 3, "offset": 0, "Metadata": [{"ratingKey": "1", "type": "movie", "title": "A"}, {"ratingKey": "2", "type": "movie", "title": "B"}]}}')),
        true, 'Plex: totalSize'
    ),
    (
        format('5, ''kodi'', %L', pymap.items_from_kodi('{"result": {"movies": [{"movieid": 1, "label": "A"}, {"movieid": 2, "label": "B"}], "limits": {"start": 0, "end": 2, "total": 3}}}')),
        true, 'Kodi: limits.total'
    )
) as r (arguments, is_refused, description);

-- COPY and batches

do $$
begin
    perform pymap.begin_client_sync(6, 'plex');
    insert into pg_temp.pymap_listing (item) select i from jsonb_array_elements(pg_temp.movies(1, 3) || pg_temp.page(6, 0, 3)) as i;
end
$$;
select matches(helpers.refusal($$select * from pymap.apply_client_sync(6, 'plex')$$), '^PM004\|.*has 6 entries, but the listing holds 3.*', 'apply_client_sync refuses it too');
insert into pg_temp.pymap_listing (item) select i from jsonb_array_elements(pg_temp.movies(4, 6) || pg_temp.page(6, 3, 3)) as i;
select is((select count(*) from pymap.apply_client_sync(6, 'plex')), 6::bigint, 'The other page makes it complete; what a page says of itself has no row');
select results_eq(
    format('select client_item_id, action from pymap.get_or_create_mappings(7, ''emby'', %L)', pg_temp.movies(1, 1) || pg_temp.page(6, 0, 1)), $$values ('1', 'matched')$$,
    'A batch takes any page: it removes nothing'
);

-- Emby says how many entries there are, not where a page starts.

select matches(pg_temp.answer(s.items), s.answer, 'Pages without a start: ' || s.description)
from (values
    (pg_temp.movies(1, 3) || pg_temp.page(6, null, 3) || pg_temp.movies(4, 6) || pg_temp.page(6, null, 2)
        || pg_temp.page(6, null, 1), 'kept 6', 'together they are all'),
    (pg_temp.movies(1, 3) || pg_temp.page(6, null, 3) || pg_temp.movies(4, 5) || pg_temp.page(6, null, 2),
        'PM004', 'one entry is missing')
) as s (items, answer, description);

-- Selections

select is(pg_temp.answer(s.items || '[{"listing": {"selection": "search"}}]', s.arguments), s.answer, 'A selection: ' || s.description)
from (values
    (pg_temp.movies(1, 2), '', 'kept 2', 'what is not in it stays'),
    (pg_temp.movies(1, 2), ', array[''movie'', ''series'']', 'kept 2', 'whatever media types are named'),
    (pg_temp.movies(1, 2), ', p_allow_removals => true', 'kept 2', 'whatever is allowed'),
    ('[]', ', array[''movie'']', 'nothing', 'an empty one'),
    (pg_temp.movies(6, 7), '', 'created 1, kept 1', 'what is new in it is mapped'),
    (
        '[{"itemId": "new", "type": "movie", "externalIds": {"tvmaze": 1}}]', '', 'matched 1', 'a new ID is matched, not rekeyed: the old one may be there still'
    ),
    ('[{"itemId": "1", "type": "movie", "externalIds": {"tvmaze": 9}}]', '', 'reassigned 1', 'an ID that stands for something else now is moved')
) as s (items, arguments, answer, description);
select is(
    pg_temp.answer(pymap.items_from_plex('{"MediaContainer": {"size": 1, "playlistType": "video", "Metadata": [{"ratingKey": "1", "type": "movie", "title": "A"}]}}')), 'kept 1', 'A playlist of Plex'
);
select is_empty($$select * from pymap.check_integrity() where severity = 'error'$$, 'After all this nothing is damaged');

select * from finish();

rollback;
