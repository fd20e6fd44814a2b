begin;

select plan(60);

select volatility_is(
    'pymap', 'normalize_external_ids', array['jsonb', 'text'], 'immutable', 'Nothing but the argument decides'
);
select function_privs_are(
    'pymap', 'normalize_external_ids', array['jsonb', 'text'], 'pymap_reader', array['EXECUTE'], 'Readers may call it'
);
select is_empty(
    $$
        select p.proname
        from pg_proc as p
        where p.pronamespace = 'pymap'::regnamespace
            and p.proname like 'normalize\_%'
            and p.proparallel <> 's'
    $$,
    'All functions that normalise are parallel safe'
);

-- Array

select is(
    pymap.normalize_external_ids('[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]'),
    '[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]',
    'A canonical array stays as it is'
);
select is(
    pymap.normalize_external_ids(
        '[{"source": "com.plexapp.agents.imdb", "id": "133093"}, {"source": "TheMovieDb", "id": "0603"}]'
    ),
    '[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]',
    'Names and IDs become canonical, the order stays'
);
select is(
    pymap.normalize_external_ids(
        '[{"source": "imdb", "id": "tt0133093", "added": "2024"}, {"source": "Imdb", "id": "133093", "x": 1}]'
    ),
    '[{"source": "imdb", "id": "tt0133093", "added": "2024"}]',
    'Other keys are kept; of two spellings of one pair the first stays'
);
select is(
    pymap.normalize_external_ids(
        '[{"source": "tmdb", "id": "2"}, {"source": "tmdb", "id": "1"}, {"source": "imdb", "id": "tt2"},
          {"source": "tmdb", "id": "2"}, {"source": "tmdb", "id": "1"}]'
    ),
    '[{"source": "tmdb", "id": "2"}, {"source": "tmdb", "id": "1"}, {"source": "imdb", "id": "tt0000002"}]',
    'A pair that comes again goes; several IDs of a source, and one ID of several sources, stay'
);
select is(
    pymap.normalize_external_ids('[{"source": "tvdb", "id": "2,1", "x": 1}, {"source": "tvdb", "id": "3/2"}]'),
    '[{"source": "tvdb", "id": "1", "x": 1}, {"source": "tvdb", "id": "2", "x": 1}, {"source": "tvdb", "id": "3"}]',
    'A list becomes an element per ID, each with the other keys'
);
select is(
    pymap.normalize_external_ids(
        '[{"source": "tmdb", "id": 603}, {"source": "tvdb", "id": 169.0}, {"source": "mal", "id": 1e3}]'
    ),
    '[{"source": "tmdb", "id": "603"}, {"source": "tvdb", "id": "169"}, {"source": "mal", "id": "1000"}]',
    'A number counts like text'
);
select is(
    pymap.normalize_external_ids('[{"source": "zap2it", "id": " EP1 "}, {"source": "zap2it", "id": "EP1"}]'),
    '[{"source": "zap2it", "id": "EP1"}]',
    'Of an unknown source, what is the same trimmed is the same'
);
select is(
    pymap.normalize_external_ids(
        '[{"source": "tmdb", "id": "2"}, {"source": "tvdb", "id": "2"}, {"source": "aa", "id": "b"},
          {"source": "a", "id": "ab"}]'
    ),
    '[{"source": "tmdb", "id": "2"}, {"source": "tvdb", "id": "2"}, {"source": "aa", "id": "b"},
      {"source": "a", "id": "ab"}]',
    'Source and ID together make the pair'
);
select is(
    pymap.normalize_external_ids(
        '[{"source": "imdb", "id": ""}, {"source": "imdb", "id": "nm0000123"}, {"source": "tmdb", "id": 0},
          {"source": "tvdb", "id": null}, {"source": "tvdb", "id": true}, {"source": "", "id": "5"},
          {"source": "TmdbCollection", "id": "2344"}, {"source": "Facebook", "id": "TheMatrix"},
          {"source": "musicbrainz", "id": "00000000-0000-0000-0000-000000000000"},
          {"source": "plex", "id": "local://5"}, {"source": "tmdb", "id": "603"}]'
    ),
    '[{"source": "tmdb", "id": "603"}]',
    'Placeholders are left out'
);
select is(
    (
        select jsonb_array_length(pymap.normalize_external_ids(jsonb_object_agg('source' || n, n)))
        from generate_series(1, 10000) as n
    ),
    10000,
    'Ten thousand IDs are not too many'
);

-- One field's ID in another one's place

select is(
    pymap.normalize_external_ids(e.given::jsonb), e.expected::jsonb, e.description
)
from (values
    ('{"Imdb": "603", "Tmdb": "603"}', '[{"source": "tmdb", "id": "603"}]', 'A number without tt that is the TMDB number is no imdb ID'),
    ('{"Tmdb": 603, "Imdb": 603}', '[{"source": "tmdb", "id": "603"}]', 'Also a JSON number'),
    ('{"Imdb": "0603", "Tmdb": "603-the-matrix"}', '[{"source": "tmdb", "id": "603"}]', 'However the two are spelled'),
    ('[{"source": "imdb", "id": "603"}, {"source": "tmdb", "id": "604,603"}]', '[{"source": "tmdb", "id": "603"}, {"source": "tmdb", "id": "604"}]', 'And whichever TMDB number it is'),
    ('{"Imdb": "tt0000603", "Tmdb": "603"}', '[{"source": "imdb", "id": "tt0000603"}, {"source": "tmdb", "id": "603"}]', 'With tt it is one'),
    ('{"Imdb": "133093", "Tmdb": "603"}', '[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]', 'So is another number'),
    ('{"Imdb": "603", "TmdbCollection": "603", "Tvdb": "603"}', '[{"source": "imdb", "id": "tt0000603"}, {"source": "tvdb", "id": "603"}]', 'Only TMDB''s is compared'),
    ('{"Tmdb": "tt0133093"}', '[{"source": "imdb", "id": "tt0133093"}]', 'An imdb ID in the field of TMDB is an imdb ID'),
    ('[{"source": "tvdb", "id": "TT133093", "x": 1}, {"source": "imdb", "id": "tt0133093"}]', '[{"source": "imdb", "id": "tt0133093", "x": 1}]', 'Or in that of TVDB; it keeps its other keys'),
    ('{"sonarr": "5", "TvdbSlug": "lost", "Tvdb": "73739"}', '[{"source": "tvdb", "id": "73739"}]', 'What identifies nothing is left out')
) as e (given, expected, description);
select is(
    array[
        pymap.normalize_external_ids('{"tvdb": "81189/1/2", "tmdb": "1396/season/1/episode/2", "imdb": "tt0959621"}', 'episode'),
        pymap.normalize_external_ids('{"tvdb": "81189/1/2"}', 'series'), pymap.normalize_external_ids('{"tvdb": "349232/349235"}', 'episode')
    ],
    array['[{"source": "imdb", "id": "tt0959621"}]', '[{"source": "tvdb", "id": "81189"}]', '[{"source": "tvdb", "id": "349232"}, {"source": "tvdb", "id": "349235"}]']::jsonb[],
    'An ID of a series with numbers is the series'' own, and not that of the episode'
);
select is(
    (
        select jsonb_array_length(pymap.normalize_external_ids(jsonb_build_array('{"source": "tmdb", "id": "5"}'::jsonb) || jsonb_agg(jsonb_build_object('source', 'imdb', 'id', n))))
        from generate_series(1, 5000) as n
    ),
    5000, 'Five thousand numbers are compared'
);

-- Object

select is(
    pymap.normalize_external_ids('{"imdb": "tt0133093", "tvdb": ["1", "2"]}'),
    '[{"source": "imdb", "id": "tt0133093"}, {"source": "tvdb", "id": "1"}, {"source": "tvdb", "id": "2"}]',
    'An object has IDs or arrays of IDs under the source''s name'
);
select is(
    pymap.normalize_external_ids('{"Imdb": 133093, "IMDB": ["tt0133093", null, ""], "Tmdb": 603.0}'),
    '[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]',
    'Two spellings of a source meet; empty values are left out'
);
select is(
    pymap.normalize_external_ids('{"tvdb": "1/2", "Url": "https://example.org", "tmdb": "unknown"}'),
    '[{"source": "tvdb", "id": "1"}, {"source": "tvdb", "id": "2"}]',
    'Lists are split, placeholders left out'
);
select is(
    pymap.normalize_external_ids('{"source": "imdb", "id": "tt0133093"}'),
    '[{"source": "id", "id": "tt0133093"}, {"source": "source", "id": "imdb"}]',
    'An object is never an element: its keys are sources'
);

-- Nothing

select is(pymap.normalize_external_ids(null), '[]', 'NULL is an empty array');
select is(pymap.normalize_external_ids('null'), '[]', 'So is JSON''s null');
select is(pymap.normalize_external_ids('[]'), '[]', 'So is an empty array');
select is(pymap.normalize_external_ids('{}'), '[]', 'So is an empty object');
select is(pymap.normalize_external_ids('{"imdb": []}'), '[]', 'So is an object without IDs');
select is(pymap.normalize_external_ids('[{"source": "imdb", "id": ""}]'), '[]', 'So is an array without IDs');

-- What it refuses

create function pg_temp.refuses(p_external_ids text, p_description text) returns text language sql as $$
    select throws_ok(
        format('select pymap.normalize_external_ids(%L)', p_external_ids), '22023',
        format('invalid value for external_ids: %L', p_external_ids::jsonb), p_description
    );
$$;

select pg_temp.refuses('"tt0133093"', 'Text');
select pg_temp.refuses('603', 'A number');
select pg_temp.refuses('true', 'A boolean');
select pg_temp.refuses('["tt0133093"]', 'An array of text');
select pg_temp.refuses('[[{"source": "imdb", "id": "tt0133093"}]]', 'An array in the array');
select pg_temp.refuses('[{"source": "imdb"}]', 'An element without an ID');
select pg_temp.refuses('[{"id": "tt0133093"}]', 'An element without a source');
select pg_temp.refuses('[{"source": ["imdb"], "id": "tt0133093"}]', 'A source that is an array');
select pg_temp.refuses('[{"source": "imdb", "id": ["tt0133093"]}]', 'An ID that is an array');
select pg_temp.refuses('[{"source": null, "id": "tt0133093"}]', 'A source that is null');
select throws_ok(
    $$select pymap.normalize_external_ids('{"imdb": {"id": "tt0133093"}}')$$, '22023', null,
    'An object in the object'
);

select is(pymap.normalize_external_ids(u.ids, u.media_type), u.expected, u.why)
from (values
    ('["imdb://tt133093", "tmdb://0603"]'::jsonb, 'movie', '[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]'::jsonb, 'Addresses such as Plex writes them'),
    ('["IMDB://tt0133093"]', null, '[{"source": "imdb", "id": "tt0133093"}]', 'In any case'),
    ('["imdb://tt0133093", {"source": "Tmdb", "id": 603, "own": true}, "imdb://tt0133093"]', null,
     '[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603", "own": true}]', 'Next to the other form, in their order, each once'),
    ('["plex://show/5d9c"]', 'series', '[{"source": "plex", "id": "5d9c"}]', 'Plex'' own ID'),
    ('["plex://show/5d9c"]', 'episode', '[]', 'But not that of another thing'),
    ('["plex://show/5d9c"]', null, '[{"source": "plex", "id": "5d9c"}]', 'Of whatever it is, if that is not known'),
    ('["com.plexapp.agents.imdb://tt0133093?lang=en"]', 'movie', '[{"source": "imdb", "id": "tt0133093"}]', 'Of Plex'' older agents'),
    ('["com.plexapp.agents.thetvdb://81189/1/2?lang=en"]', 'episode', '[]', 'Which name an episode by its series'),
    ('["mbid://b84ee12a-09ef-421b-82de-0441a926375b"]', 'track', '[{"source": "musicbrainz_track", "id": "b84ee12a-09ef-421b-82de-0441a926375b"}]', 'A track''s place on a release'),
    ('["local://12", "none://", "https://example.org/603", "imdb://", "imdb://0"]', null, '[]', 'What is no ID is left out')
) as u (ids, media_type, expected, why);
select pg_temp.refuses('"imdb://tt0133093"', 'An address without an array');
select pg_temp.refuses('["imdb://tt0133093", "603"]', 'Text next to an address');
select pg_temp.refuses('["imdb://tt0133093", {"source": "tmdb"}]', 'An element without an ID next to an address');
select pg_temp.refuses('["://603"]', 'An address without a source');

select * from finish();

rollback;
