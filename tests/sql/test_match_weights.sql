begin;

select plan(159);

-- The table

select results_eq(
    $$select evidence collate "default", outcome collate "default", weight from pymap.match_weights order by evidence, weight desc, outcome$$,
    $$
        values ('decision', 'match', 7), ('decision', 'review', 3), ('decision', 'gap', 1),
               ('external_id', 'agrees', 12), ('external_id', 'overlaps', 6), ('external_id', 'differs', -6),
               ('file', 'agrees', 10),
               ('mapping', 'linked', 30), ('mapping', 'agrees', 8),
               ('place', 'same place', 10), ('place', 'same parent', 4), ('place', 'other parent', -5), ('place', 'other place', -5),
               ('title', 'unique', 13), ('title', 'spelled alike', 7), ('title', 'agrees', 6), ('title', 'differs', -3),
               ('unknown_source', 'agrees', 2),
               ('year', 'agrees', 3), ('year', 'both unknown', 2), ('year', 'one off', 1), ('year', 'one unknown', -1), ('year', 'differs', -6)
    $$,
    'Every weight stands in one table'
);
select is_empty($$select from pymap.match_weights where reason !~ '\.$'$$, 'With a reason that is a sentence');
select is(pymap._match_weight('external_id', 'agrees'), 12, 'One weight');
select is(pymap._match_weight('external_id', 'unheard of'), null, 'One that is not there');
select is_empty(
    $$
        select w.outcome from pymap.match_weights as w
        where w.evidence not in ('mapping', 'decision') and w.outcome not in (select unnest(enum_range(null::pymap.agreement))::text)
    $$,
    'Outcomes are those that a comparison can have'
);
-- What the weights are to bring about, whatever they are.
create function pg_temp.weight(variadic p_outcomes text[]) returns integer language sql as $$
    select sum(pymap._match_weight(split_part(o, ': ', 1), split_part(o, ': ', 2)))::integer from unnest(p_outcomes) as o
$$;
select is(
    case when pg_temp.weight(variadic r.outcomes) >= pg_temp.weight('decision: match') then 'match' when pg_temp.weight(variadic r.outcomes) >= pg_temp.weight('decision: review') then 'review' else 'other' end,
    r.result, format('%s: %s', array_to_string(r.outcomes, ', '), r.result)
)
from (values
    (array['external_id: agrees'], 'match'), (array['external_id: agrees', 'title: differs'], 'match'), (array['external_id: agrees', 'title: differs', 'year: differs'], 'review'),
    (array['external_id: agrees', 'external_id: differs', 'title: differs', 'year: differs'], 'other'), (array['external_id: agrees', 'external_id: agrees', 'external_id: differs', 'title: differs', 'year: differs'], 'match'),
    (array['external_id: overlaps'], 'review'), (array['external_id: overlaps', 'title: agrees', 'year: one unknown'], 'match'),
    (array['file: agrees'], 'match'), (array['file: agrees', 'title: differs'], 'match'), (array['file: agrees', 'external_id: differs'], 'review'),
    (array['title: agrees', 'year: agrees'], 'match'), (array['title: agrees', 'year: one off'], 'match'), (array['title: agrees', 'year: both unknown'], 'match'),
    (array['title: spelled alike', 'year: one unknown'], 'review'), (array['title: spelled alike', 'year: differs'], 'other'), (array['year: both unknown'], 'other'),
    (array['title: agrees', 'year: agrees', 'external_id: differs'], 'review'), (array['title: spelled alike', 'year: agrees', 'external_id: differs'], 'review'),
    (array['title: spelled alike', 'place: same parent'], 'match'), (array['title: spelled alike', 'place: other parent', 'year: one unknown'], 'other'),
    (array['place: same place'], 'match'), (array['place: same place', 'title: differs'], 'match'), (array['place: same place', 'external_id: differs'], 'review'),
    (array['title: unique', 'place: other place'], 'match'), (array['title: agrees', 'place: other place'], 'other'), (array['external_id: agrees', 'place: other place'], 'match'),
    (array['external_id: agrees', 'place: other place', 'title: differs'], 'review'),
    (array['unknown_source: agrees'], 'other'), (array['unknown_source: agrees', 'title: spelled alike', 'year: one unknown'], 'match'),
    (array['mapping: agrees'], 'match'), (array['mapping: agrees', 'title: differs', 'year: agrees'], 'match'), (array['mapping: agrees', 'title: differs', 'year: differs'], 'other'),
    (array['mapping: agrees', 'external_id: differs', 'title: spelled alike', 'year: agrees'], 'match'), (array['mapping: agrees', 'external_id: differs'], 'other'),
    (array['mapping: agrees', 'title: differs', 'place: other place'], 'other'), (array['mapping: agrees', 'title: unique', 'place: other place'], 'match'),
    (array['mapping: linked', 'external_id: differs', 'title: differs', 'year: differs'], 'match')
) as r (outcomes, result);

-- External IDs

select is(pymap._compare_external_id(c.one::jsonb, c.other::jsonb)::text, c.agreement, format('External IDs: %s and %s', c.one, c.other))
from (
    values ('["1"]', '["1"]', 'agrees'), ('["1"]', '["2"]', 'differs'), ('["1", "2"]', '["1", "2"]', 'agrees'), ('["1", "2"]', '["1"]', 'overlaps'), ('["1"]', '["1", "2"]', 'overlaps'),
           ('["1", "2"]', '["2", "3"]', 'overlaps'), ('["1", "2"]', '["3", "4"]', 'differs'), ('["1", "2"]', '["3"]', 'differs'), ('["A"]', '["a"]', 'differs'), ('["1"]', '["01"]', 'differs')
) as c (one, other, agreement);
select is(pymap._is_known_source(s.source), s.is_known, format('Source %s: %s', s.source, case when s.is_known then 'known' else 'private' end))
from (values
    ('imdb', true), ('tmdb', true), ('tvdb', true), ('musicbrainz', true), ('musicbrainz_track', true), ('musicbrainz_release_group', true), ('plex', true), ('trakt', true), ('anidb', true),
    ('theaudiodb', true), ('sonarr', false), ('jellyfin', false), ('isrc', false), ('IMDB', false), ('', false)
) as s (source, is_known);
select is(pymap._external_ids_by_source(c.external_ids::jsonb), c.by_source::jsonb, 'By source: ' || c.external_ids)
from (values
    ('[]', '{}'), ('[{"source": "imdb", "id": "tt1"}]', '{"imdb": ["tt1"]}'), ('[{"source": "tmdb", "id": "2"}, {"source": "imdb", "id": "tt1"}, {"source": "tmdb", "id": "10"}]', '{"imdb": ["tt1"], "tmdb": ["10", "2"]}')
) as c (external_ids, by_source);

-- Fields of a description, from JSON

create function pg_temp.said(p_said jsonb) returns pymap.description language sql as $$
    select jsonb_populate_record((null, null, false, null, '{}'::jsonb, null, null, null, null)::pymap.description, p_said)
$$;

-- Titles

select is(pymap._compare_title(pg_temp.said(c.one::jsonb), pg_temp.said(c.other::jsonb))::text, c.agreement, 'Titles: ' || c.description)
from (values
    ('{"title": "X", "title_key": "x"}', '{"title": "X", "title_key": "x"}', 'spelled alike', 'the same spelling'),
    ('{"title": "É", "title_key": "e"}', '{"title": "E", "title_key": "e"}', 'agrees', 'alike when folded'),
    ('{"title": "Éяß", "title_key": "eяss"}', '{"title": "e\u0301ЯSS", "title_key": "eяss"}', 'spelled alike', 'in capitals, and decomposed'),
    ('{"title": "X", "title_key": "x"}', '{"title": "Y", "title_key": "y"}', 'differs', 'two'),
    ('{"title": "X", "title_key": "x"}', '{}', null, 'one is not known'), ('{}', '{}', null, 'neither is known'),
    (
        '{"title": "X", "title_key": "x", "parent_id": 1, "number": 1, "title_is_unique": true}', '{"title": "X", "title_key": "x", "parent_id": 1, "number": 2, "title_is_unique": true}', 'unique',
        'of numbered parts of one parent, and no sibling has it'
    ),
    (
        '{"title": "X", "title_key": "x", "parent_id": 1, "number": 1, "title_is_unique": true}', '{"title": "X", "title_key": "x", "parent_id": 1, "title_is_unique": true}', 'spelled alike',
        'only the one has a number'
    ),
    (
        '{"title": "X", "title_key": "x", "parent_id": 1, "title_is_unique": true}', '{"title": "X", "title_key": "x", "parent_id": 1, "number": 1, "title_is_unique": true}', 'spelled alike',
        'only the other one has a number'
    ),
    (
        '{"title": "X", "title_key": "x", "parent_id": 1, "number": 1, "title_is_unique": true}', '{"title": "X", "title_key": "x", "parent_id": 1, "number": 2}', 'spelled alike', 'a sibling of the one has it'
    ),
    (
        '{"title": "X", "title_key": "x", "parent_id": 1, "number": 1, "title_is_unique": true}', '{"title": "X", "title_key": "x", "parent_id": 2, "number": 1, "title_is_unique": true}', 'spelled alike', 'of parts of two parents'
    ),
    ('{"title": "X", "title_key": "x", "title_is_unique": true}', '{"title": "X", "title_key": "x", "title_is_unique": true}', 'spelled alike', 'what is no part is not unique'),
    (
        '{"title": "X", "title_key": "x", "parent_id": 1, "title_is_unique": true}', '{"title": "X", "title_key": "x", "parent_id": 1, "title_is_unique": true}', 'spelled alike', 'nor is a part without a number'
    ),
    ('{"title": "X", "title_key": "x", "parent_id": 1, "number": 1, "title_is_unique": true}', '{"title": "Y", "title_key": "y", "parent_id": 1, "number": 1, "title_is_unique": true}', 'differs', 'two of one place')
) as c (one, other, agreement, description);

-- Years

select is(pymap._compare_year(pg_temp.said(c.one::jsonb), pg_temp.said(c.other::jsonb))::text, c.agreement, format('Years: %s and %s', c.one, c.other))
from (values
    ('{"release_year": 1999}', '{"release_year": 1999}', 'agrees'), ('{"release_year": 1999}', '{"release_year": 2000}', 'one off'), ('{"release_year": 2000}', '{"release_year": 1999}', 'one off'),
    ('{"release_year": 1999}', '{"release_year": 2001}', 'differs'), ('{"release_year": 1999}', '{}', 'one unknown'), ('{}', '{"release_year": 1999}', 'one unknown'), ('{}', '{}', 'both unknown'),
    ('{"release_year": 1999, "number": 1}', '{"release_year": 1999}', null), ('{"release_year": 1999}', '{"release_year": 1999, "number": 1}', null), ('{"number": 1}', '{"number": 1}', null)
) as c (one, other, agreement);

-- Places

select is(pymap._compare_place(pg_temp.said(c.one::jsonb), pg_temp.said(c.other::jsonb))::text, c.agreement, format('Places: %s and %s', c.one, c.other))
from (values
    ('{"parent_id": 1, "parent_number": 1, "number": 2}', '{"parent_id": 1, "parent_number": 1, "number": 2}', 'same place'), ('{"parent_id": 1, "parent_number": 1, "number": 2}', '{"parent_id": 1, "number": 2}', 'same place'),
    ('{"parent_id": 1, "number": 2}', '{"parent_id": 1, "number": 2}', 'same place'), ('{"parent_id": 1, "parent_number": 2, "number": 2}', '{"parent_id": 1, "number": 2}', 'other place'),
    ('{"parent_id": 1, "parent_number": 0, "number": 2}', '{"parent_id": 1, "number": 2}', 'other place'), ('{"parent_id": 1, "parent_number": 1, "number": 2}', '{"parent_id": 1, "parent_number": 2, "number": 2}', 'other place'),
    ('{"parent_id": 1, "parent_number": 1, "number": 2}', '{"parent_id": 1, "parent_number": 1, "number": 3}', 'other place'), ('{"parent_id": 1, "number": 2}', '{"parent_id": 1}', 'same parent'),
    ('{"parent_id": 1}', '{"parent_id": 1}', 'same parent'), ('{"parent_id": 1, "number": 2}', '{"parent_id": 2, "number": 2}', 'other parent'), ('{"parent_id": 1}', '{"parent_id": 2}', 'other parent'),
    ('{"parent_id": 1, "number": 2}', '{"number": 2}', null), ('{"number": 2}', '{"number": 2}', null), ('{"parent_id": 1}', '{}', null), ('{}', '{}', null),
    ('{"parent_id": 1, "number": 2}', '{"parent_id": 2, "number": 3}', 'other place'), ('{"parent_id": 1, "parent_number": 1, "number": 2}', '{"parent_id": 2, "parent_number": 2, "number": 2}', 'other place'),
    ('{"number": 2}', '{"number": 3}', 'other place'), ('{"parent_id": 1, "number": 2}', '{"number": 3}', 'other place'), ('{"parent_number": 1, "number": 2}', '{"parent_number": 2, "number": 2}', 'other place'),
    ('{"number": 2}', '{}', null), ('{"parent_number": 1}', '{"parent_number": 2}', null)
) as c (one, other, agreement);

-- Tracks of two albums

select is(pymap._are_on_two_albums(pg_temp.said(c.one::jsonb), pg_temp.said(c.other::jsonb)), c.answer, format('Two albums: %s and %s', c.one, c.other))
from (values
    ('{"parent_id": 1, "number": 1, "external_ids": {"musicbrainz": ["a"]}}', '{"parent_id": 2, "number": 1, "external_ids": {"musicbrainz": ["a"]}}', true),
    ('{"parent_id": 1, "number": 1, "external_ids": {"musicbrainz": ["a"]}}', '{"parent_id": 1, "number": 1, "external_ids": {"musicbrainz": ["a"]}}', false),
    ('{"parent_id": 1, "external_ids": {"musicbrainz": ["a"]}}', '{"parent_id": 2, "external_ids": {"musicbrainz": ["a"]}}', false),
    ('{"parent_id": 1, "number": 1, "external_ids": {"tvdb": ["1"]}}', '{"parent_id": 2, "number": 1, "external_ids": {"tvdb": ["1"]}}', false),
    ('{"number": 1, "external_ids": {"musicbrainz": ["a"]}}', '{"number": 1, "external_ids": {"musicbrainz": ["a"]}}', false)
) as c (one, other, answer);

-- Files

select is(pymap._compare_file(pg_temp.said(jsonb_build_object('path_key', c.one)), pg_temp.said(jsonb_build_object('path_key', c.other)))::text, c.agreement, format('Files: %s and %s', c.one, c.other))
from (values
    ('x/films', 'x/films', 'agrees'), ('x/season 1/show', 'x/season 1', 'agrees'), ('x/season 1', 'x/season 1/show', 'agrees'), ('x/season 1', 'x/season 10', null), ('x/season 1/show', 'x/season 1/other', null),
    ('x/films', 'y/films', null), ('x/films', null, null), (null, null, null)
) as c (one, other, agreement);
select is(pymap._path_key(p.path, p.parts, p.is_folder), p.key, format('The key of %s', p.path))
from (values
    ('/films/One (1999)/One.mkv', 2, false, 'one/one (1999)'), ('D:\Films\One (1999)\One.mkv', 2, false, 'one/one (1999)'), ('smb://nas/films/One (1999)/ONE.mp4', 2, false, 'one/one (1999)'),
    ('/tv/Show/Season 1/1.mkv', 3, false, '1/season 1/show'), ('/tv/Show.US', 2, true, 'show.us/tv'), ('One.mkv', 2, false, null), ('', 2, false, null), (null, 2, false, null)
) as p (path, parts, is_folder, key);

-- Comparing does not depend on which is which

create temporary table samples as
select row_number() over () as n, pg_temp.said(jsonb_strip_nulls(jsonb_build_object(
    'title', t.title, 'title_key', lower(t.title), 'title_is_unique', u.is_unique, 'release_year', y.year, 'parent_id', p.parent_id, 'parent_number', p.parent_number, 'number', p.number, 'path_key', f.path_key
))) as said
from (values ('X'), ('x'), ('Y'), (null)) as t (title), (values (true), (false)) as u (is_unique), (values (1999), (2000), (2010), (null)) as y (year),
     (values (null::integer, null::integer, null::integer), (1, 1, 1), (1, null, 1), (1, 2, 1), (2, 1, 1), (1, null, null), (null, 1, 1)) as p (parent_id, parent_number, number),
     (values ('x/y'), ('x/y/z'), (null)) as f (path_key)
where (t.title is null or y.year is null or f.path_key is null);
select is_empty(
    $$
        select l.said, r.said
        from samples as l join samples as r on l.n < r.n
        where (pymap._compare_title(l.said, r.said), pymap._compare_year(l.said, r.said), pymap._compare_place(l.said, r.said), pymap._compare_file(l.said, r.said))
              is distinct from (pymap._compare_title(r.said, l.said), pymap._compare_year(r.said, l.said), pymap._compare_place(r.said, l.said), pymap._compare_file(r.said, l.said))
        limit 3
    $$,
    'Comparing does not depend on which is which'
);

-- All together

create function pg_temp.said(p_said jsonb[]) returns pymap.description[] language sql as $$ select array_agg(pg_temp.said(s)) from unnest(p_said) as s $$;
create function pg_temp.compared(p_left jsonb[], p_right jsonb[]) returns text language sql as $$
    select string_agg(format('%s %s %s %s', c.evidence, c.field, c.agreement, c.weight), ', ' order by c.field) from pymap._compare(pg_temp.said(p_left), pg_temp.said(p_right)) as c
$$;
select is(pg_temp.compared(c.one::jsonb[], c.other::jsonb[]), c.compared, c.description)
from (values
    (
        array['{"title": "X", "title_key": "x", "release_year": 1999, "external_ids": {"imdb": ["tt1"], "tmdb": ["1"], "sonarr": ["5"]}}'],
        array['{"title": "X", "title_key": "x", "release_year": 2000, "external_ids": {"imdb": ["tt1"], "tmdb": ["2"], "tvdb": ["3"], "sonarr": ["5"]}}'],
        'external_id imdb agrees 12, unknown_source sonarr agrees 2, title title spelled alike 7, external_id tmdb differs -6, year year one off 1', 'A row for every field that says something'
    ),
    (array['{"external_ids": {"sonarr": ["5"]}}'], array['{"external_ids": {"sonarr": ["6"]}}'], 'year year both unknown 2', 'A private source never contradicts'),
    (
        array['{"title": "X", "title_key": "x", "release_year": 1999}'], array['{"title": "Y", "title_key": "y", "release_year": 1999}', '{"title": "X", "title_key": "x", "release_year": 1950}'],
        'title title spelled alike 7, year year agrees 3', 'Of several descriptions the best agreement of a field counts'
    ),
    (
        array['{"external_ids": {"imdb": ["tt1"]}}'], array['{"external_ids": {"imdb": ["tt2"]}}', '{"external_ids": {"imdb": ["tt1", "tt2"]}}'], 'external_id imdb overlaps 6, year year both unknown 2',
        'Also of a source'
    ),
    (
        array['{"title": "X", "title_key": "x", "release_year": 1999}'], array['{"title": "X", "title_key": "x", "release_year": 1950}', '{"title_is_unique": null, "external_ids": {"imdb": ["tt1"]}}'],
        'title title spelled alike 7, year year differs -6', 'One that holds nothing but external IDs does not say that the year is unknown'
    ),
    (array['{"path_key": "x/y", "number": 1}'], array['{"path_key": "x/y"}'], 'file file agrees 10', 'A file'),
    (array['{"number": 1, "parent_id": 1}'], array['{"number": 1, "parent_id": 1}'], 'place place same place 10', 'A place; parts have no year'),
    (array['{"number": 1}'], array['{"number": 1}'], null, 'Nothing')
) as c (one, other, compared, description);
select is(
    (select format('%s %s %s %s %s', w.weight, case when w.is_strong then 'strong' end, case when w.contradicts then 'contradicts' end, w.evidence, w.comparisons) from pymap._weigh(pg_temp.said(c.one::jsonb[]), pg_temp.said(c.other::jsonb[])) as w),
    c.weighed, 'Weighed: ' || c.description
)
from (values
    (array['{"title": "X", "title_key": "x", "release_year": 1999}'], array['{"title": "X", "title_key": "x", "release_year": 1999}'], '10   title {"year": 3, "title": 7}', 'title and year'),
    (array['{"external_ids": {"imdb": ["tt1"]}}'], array['{"external_ids": {"imdb": ["tt1"]}}'], '14 strong  external_ids {"imdb": 12, "year": 2}', 'an external ID is strong'),
    (array['{"external_ids": {"sonarr": ["1"]}}'], array['{"external_ids": {"sonarr": ["1"]}}'], '4   external_ids {"year": 2, "sonarr": 2}', 'that of a private source is not'),
    (array['{"external_ids": {"imdb": ["tt1"]}}'], array['{"external_ids": {"imdb": ["tt2"]}}'], '-4  contradicts title {"imdb": -6, "year": 2}', 'external IDs that differ contradict'),
    (
        array['{"external_ids": {"imdb": ["tt1"], "tmdb": ["1"]}}'], array['{"external_ids": {"imdb": ["tt1"], "tmdb": ["2"]}}'], '8 strong contradicts external_ids {"imdb": 12, "tmdb": -6, "year": 2}', 'one against one'
    ),
    (
        array['{"external_ids": {"imdb": ["tt1"], "tmdb": ["1"], "tvdb": ["1"]}}'], array['{"external_ids": {"imdb": ["tt1"], "tmdb": ["1"], "tvdb": ["2"]}}'],
        '20 strong  external_ids {"imdb": 12, "tmdb": 12, "tvdb": -6, "year": 2}', 'one wrong ID among several that agree is no contradiction'
    ),
    (array['{"path_key": "x/y"}'], array['{"path_key": "x/y"}'], '12 strong  file {"file": 10, "year": 2}', 'a file is strong'),
    (array['{"number": 1, "parent_id": 1}'], array['{"number": 1, "parent_id": 1}'], '10   numbers {"place": 10}', 'numbers are not'),
    (array['{"number": 1, "parent_id": 1}'], array['{"number": 2, "parent_id": 1}'], '-5  contradicts title {"place": -5}', 'other numbers contradict'),
    (array['{"parent_id": 1}'], array['{"parent_id": 2}'], '-3  contradicts title {"year": 2, "place": -5}', 'so does another parent'),
    (
        array['{"number": 1, "parent_id": 1, "external_ids": {"tvdb": ["1"]}}'], array['{"number": 1, "parent_id": 2, "external_ids": {"tvdb": ["1"]}}'], '7 strong  external_ids {"tvdb": 12, "place": -5}',
        'but not beside an external ID that agrees'
    ),
    (
        array['{"number": 1, "parent_id": 1, "external_ids": {"tvdb": ["1"]}}'], array['{"number": 2, "parent_id": 2, "external_ids": {"tvdb": ["1"]}}'], '7 strong contradicts external_ids {"tvdb": 12, "place": -5}',
        'another number contradicts also then'
    ),
    (array['{"number": 1}'], array['{"number": 1}'], '0   title {}', 'nothing')
) as c (one, other, weighed, description);

select * from finish();

rollback;
