begin;

select plan(39);

select volatility_is(
    'pymap', 'normalize_external_id', array['text', 'text'], 'immutable', 'Nothing but the arguments decides'
);
select function_privs_are(
    'pymap', 'normalize_external_id', array['text', 'text'], 'pymap_reader', array['EXECUTE'], 'Readers may call it'
);

-- Every ID that comes out of the spellings, NULL for a spelling that gives none.
create function pg_temp.ids(p_source text, variadic p_spellings text[]) returns text[] language sql as $$
    select array_agg(distinct i.id collate "C" order by i.id collate "C")
    from unnest(p_spellings) as s
    left join lateral unnest(pymap.normalize_external_id(p_source, s)) as i (id) on true;
$$;

-- imdb: tt and at least seven digits

select is(
    pg_temp.ids('imdb', 'tt0133093', 'TT0133093', 'Tt133093', 'tt133093', '133093', '0133093', ' tt0133093 '),
    '{tt0133093}', 'tt and zeros are added where they are missing'
);
select is(pg_temp.ids('imdb', '1', 'tt1', 'tt0000001'), '{tt0000001}', 'Seven digits, however few there were');
select is(
    pg_temp.ids('imdb', 'tt10872600', '10872600', 'tt010872600', '00010872600'), '{tt10872600}',
    'Eight digits stay; zeros before them fold'
);
select is(
    pg_temp.ids('imdb', 'tt00133093', 'tt0000000000000000000000133093'), '{tt0133093}',
    'Leading zeros beyond seven digits fold, however many'
);
select is(
    pg_temp.ids('imdb', 'nm0000123', 'co0000123', 'ttt0133093', 'tt-133093', 'tt', 'tt0133093x', '12.5'),
    array[null], 'A person, a company and nonsense are no films'
);
select is(pg_temp.ids('imdb', 'tt0000000', 'tt0', '0000000'), array[null], 'Number zero is a placeholder');
select is(
    pymap.normalize_external_id('imdb', 'tt' || repeat('1', 18)), array['tt' || repeat('1', 18)], '18 digits are an ID'
);
select is(pymap.normalize_external_id('imdb', 'tt' || repeat('1', 19)), '{}', '19 digits are not');
select is(
    pymap.normalize_external_id('imdb', 'tt0234215, 133093/nm0000123;tt0133093 | x'), '{tt0133093,tt0234215}',
    'A list is split and sorted; each ID occurs once, what is none is left out'
);

-- Numeric sources

select is(
    (
        select array_agg(distinct i)
        from unnest(array[
            'tmdb', 'tvdb', 'tvmaze', 'tvrage', 'trakt', 'anidb', 'anilist', 'mal', 'kitsu', 'theaudiodb'
        ]) as s,
             unnest(array['603', '0603', '603.0', '0603.00', ' 603 ', E'\t603\n', repeat('0', 30) || '603']) as n,
             unnest(coalesce(nullif(pymap.normalize_external_id(s, n), '{}'), '{none}')) as i
    ),
    '{603}', 'Leading zeros and .0 go, at every numeric source'
);
select is(
    pg_temp.ids('tmdb', 'movie', '603.5', '6o3', '-603', '+603', '6e2', '٦٠٣', '0.0', '.0'),
    array[null], 'What is no whole number above zero is no ID'
);
select is(pymap.normalize_external_id('tvdb', repeat('1', 18)), array[repeat('1', 18)], '18 digits are an ID');
select is(pymap.normalize_external_id('tvdb', repeat('1', 19)), '{}', '19 digits are not');
select is(pymap.normalize_external_id('tvdb', '10,9;010/9.0'), '{10,9}', 'A list is split; it is sorted as text');

-- MusicBrainz

select is(
    pg_temp.ids(
        'MusicBrainzAlbum',
        'd6010be3-98f8-422c-a6c9-787e2e491e58', 'D6010BE3-98F8-422C-A6C9-787E2E491E58',
        'd6010be398f8422ca6c9787e2e491e58', ' D6010be3-98f8-422c-a6c9-787e2e491e58 '
    ),
    '{d6010be3-98f8-422c-a6c9-787e2e491e58}', 'An MBID is a lower-case UUID'
);
select is(
    pymap.normalize_external_id(
        'musicbrainz',
        'D6010BE3-98F8-422C-A6C9-787E2E491E58;0383dadf-2a4e-4d10-a46a-e9e041da8eb3/0383DADF2A4E4D10A46AE9E041DA8EB3'
    ),
    '{0383dadf-2a4e-4d10-a46a-e9e041da8eb3,d6010be3-98f8-422c-a6c9-787e2e491e58}',
    'Several in one value are split; each occurs once'
);
select is(
    pg_temp.ids(
        'musicbrainz_track', '00000000-0000-0000-0000-000000000000', '00000000000000000000000000000000', '12345',
        'd6010be3-98f8-422c-a6c9-787e2e491e5', '{d6010be3-98f8-422c-a6c9-787e2e491e58}',
        '00000000-0000-0000-0000-000000000000/00000000000000000000000000000000'
    ),
    array[null], 'An all-zero UUID and what is no UUID are no MBIDs'
);
select is(
    pymap.normalize_external_id('MusicBrainzWork', 'D6010BE398F8422CA6C9787E2E491E58'),
    '{d6010be3-98f8-422c-a6c9-787e2e491e58}', 'So are the IDs of MusicBrainz sources that are not listed'
);

-- Unknown sources

select is(pymap.normalize_external_id('zap2it', ' EP0001, x/Y '), '{"EP0001, x/Y"}', 'Trimmed, otherwise untouched');
select is(pymap.normalize_external_id('zap2it', '007.0'), '{007.0}', 'A number is text');
select is(
    pymap.normalize_external_id('zap2it', repeat('ä', 512)), array[repeat('ä', 512)], '1,024 bytes are an ID'
);
select is(pymap.normalize_external_id('zap2it', repeat('ä', 512) || 'x'), '{}', '1,025 bytes are not');
select is(
    pymap.normalize_external_id('zap2it', '  ' || repeat('x', 1024) || '  '), array[repeat('x', 1024)],
    'Spaces around it do not count'
);

-- Placeholders

select is(
    pg_temp.ids(
        'zap2it', '', ' ', '0', '000', 'null', 'NULL', 'none', 'Unknown', 'nil', 'NaN', 'n/a', 'NA', 'undefined',
        'false', 'true', '-1', '00000000-0000-0000-0000-000000000000', '00000000000000000000000000000000', null
    ),
    array[null], 'A placeholder is no ID, also of an unknown source'
);
select is(
    pg_temp.ids('imdb', '', '0', 'null', 'unknown', 'n/a', '-1', null)
    || pg_temp.ids('tmdb', '', '0', 'null', 'unknown', 'n/a', '-1', null),
    array[null, null], 'Nor of a known one'
);
-- Links and longer forms

select is(
    array(
        select pymap.normalize_external_id(l.source, l.link)
        from (values
            (1, 'imdb', 'https://www.imdb.com/title/tt0133093/?ref_=nv_sr_srsg_0'), (2, 'imdb', 'http://m.imdb.com/title/tt133093'), (3, 'imdb', 'www.imdb.com/de/title/tt0133093/reviews'),
            (4, 'imdb', 'imdb.com/title/tt0133093'), (5, 'tmdb', 'https://www.themoviedb.org/movie/603-the-matrix'), (6, 'tmdb', 'https://www.themoviedb.org/tv/1396/season/1/episode/2'),
            (7, 'tvdb', 'https://thetvdb.com/series/81189'), (8, 'tvdb', 'https://www.thetvdb.com/?tab=series&id=81189&lid=7'), (9, 'tvdb', 'https://thetvdb.com/dereferrer/series/81189'),
            (10, 'tvdb', 'https://thetvdb.com/series/breaking-bad/episodes/349232'), (11, 'tvmaze', 'https://www.tvmaze.com/shows/169/breaking-bad'), (12, 'mal', 'https://myanimelist.net/anime/1/Cowboy_Bebop'),
            (13, 'musicbrainz', 'https://musicbrainz.org/artist/83d91898-7763-47d7-b03b-b92132375c47')
        ) as l (position, source, link)
        order by l.position
    )::text,
    '{{tt0133093},{tt0133093},{tt0133093},{tt0133093},{603},{1396},{81189},{81189},{81189},{349232},{169},{1},{83d91898-7763-47d7-b03b-b92132375c47}}',
    'A link to a page of the provider holds an ID'
);
select is(
    pg_temp.ids('imdb', 'https://www.imdb.com/name/nm0000206/', 'https://www.themoviedb.org/movie/603', 'https://example.org/imdb.com/title/tt0133093', 'local://133093')
    || pg_temp.ids('tmdb', 'https://www.themoviedb.org/person/6384', 'https://www.themoviedb.org/collection/2344', 'com.plexapp.agents.none://603', 'https://www.imdb.com/title/tt0133093/')
    || pg_temp.ids('tvdb', 'https://thetvdb.com/series/breaking-bad', 'https://notthetvdb.com/series/81189'),
    array[null, null, null], 'A link that leads elsewhere holds none'
);
select is(pg_temp.ids('tmdb', '73375-jack-ryan', '073375-jack-ryan', '73375'), '{73375}', 'A TMDB number may have the title behind it');
select is(pg_temp.ids('tvdb', '81189-breaking-bad', 'breaking-bad'), array[null], 'No other number has');
select is(
    pg_temp.ids('tvdb', '81189/1/1', '81189/season/1', '081189/2005/10') || pg_temp.ids('tmdb', '1396/season/1/episode/2') || pg_temp.ids('imdb', 'tt0903747/1/2', 'tt0903747/1'),
    '{81189,1396,tt0903747}', 'A series with numbers within it is the series'
);
select is(
    pg_temp.ids('imdb', chr(65279) || 'tt0133093', 'tt0133093' || chr(8206), 'tt013' || chr(8203) || '3093', ' ' || chr(8288) || ' 133093 ' || chr(8207))
    || pg_temp.ids('zap2it', chr(65279) || 'EP0001 ' || chr(8206)),
    '{tt0133093,EP0001}', 'Marks that cannot be seen fall away'
);
select is(pg_temp.ids('imdb', chr(65279), chr(8203) || '0'), array[null], 'Without them a placeholder is one');

select is(
    pg_temp.ids(
        'zap2it', 'local://12', 'com.plexapp.agents.none://abc?lang=xn', 'https://example.org/1', 'HTTP://x',
        'www.example.org', '@handle'
    ),
    array[null], 'Links and handles are no IDs'
);
select is(
    pymap.normalize_external_id('zap2it', 'unknown pleasures'), '{"unknown pleasures"}',
    'A placeholder is the whole value'
);

-- The source decides

select is(pg_temp.ids('com.plexapp.agents.imdb', '133093'), '{tt0133093}', 'The source may have any spelling');
select is(pg_temp.ids('TmdbCollection', '2344'), array[null], 'A collection''s ID is not the film''s');
select is(
    pg_temp.ids('Facebook', 'TheMatrixMovie') || pg_temp.ids(null, '603') || pg_temp.ids('', '603'),
    array[null, null, null], 'Without a source there is no ID'
);

select * from finish();

rollback;
