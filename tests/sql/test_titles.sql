begin;

select plan(120);

-- The plain title, the year and the external IDs of a title

select is(
    concat_ws('|', pymap._plain_title(t.title), coalesce(pymap._title_year(t.title)::text, 'none'), (select string_agg(concat(e.source, ' ', e.id), ', ' order by e.source, e.id) from jsonb_to_recordset(pymap._with_title_ids('[]', t.title)) as e (source text, id text))),
    t.expected, format('Title, year, external IDs: %s', t.title)
)
from (values
    ('The Matrix', 'The Matrix|none'), ('The Matrix (1999)', 'The Matrix|1999'), ('The Matrix (1999)  ', 'The Matrix|1999'), ('The Matrix(1999)', 'The Matrix|1999'),
    ('The Matrix {imdb-tt0133093}', 'The Matrix|none|imdb tt0133093'), ('The Matrix (1999) {imdb-tt0133093}', 'The Matrix|1999|imdb tt0133093'),
    ('The Matrix {imdb-133093}', 'The Matrix|none|imdb tt0133093'), ('The Matrix [imdbid-tt0133093] (1999)', 'The Matrix|1999|imdb tt0133093'),
    ('The Matrix (1999) [tmdbid-603]', 'The Matrix|1999|tmdb 603'), ('The Matrix (1999) [tmdbid=603]', 'The Matrix|1999|tmdb 603'), ('The Matrix (1999) {TMDB-603}', 'The Matrix|1999|tmdb 603'),
    ('Lost {tvdb-73739}', 'Lost|none|tvdb 73739'), ('Lost (2004) [tvdbid-73739] {tmdb-4607}', 'Lost|2004|tmdb 4607, tvdb 73739'), ('Lost [tvmaze-123] [anidb-5] [trakt-7]', 'Lost|none|anidb 5, trakt 7, tvmaze 123'),
    ('Blade Runner (1982) {edition-Final Cut}', 'Blade Runner|1982'), ('Blade Runner {imdb-unknown}', 'Blade Runner|none'), ('Blade Runner {tmdb-0}', 'Blade Runner|none'),
    ('Mushoku Tensei: Jobless Reincarnation [tvdb-371310]', 'Mushoku Tensei: Jobless Reincarnation|none|tvdb 371310'), ('Clone Wars {tvdb5-83268}', 'Clone Wars|none|tvdb 83268'),
    ('Kobayashi (2021) [anidb2-15772]', 'Kobayashi|2021|anidb 15772'), ('Bleach [TVDB4-74796] {tmdb-30984}', 'Bleach|none|tmdb 30984, tvdb 74796'), ('Heat (1995) (imdb-tt0113277)', 'Heat|1995|imdb tt0113277'),
    ('Cowboy Bebop [mal-1] [anilist-1]', 'Cowboy Bebop|none|anilist 1, mal 1'),
    -- What looks like it and is part of the title
    ('1917', '1917|none'), ('1917 (2019)', '1917|2019'), ('2012', '2012|none'), ('2012 (2009)', '2012|2009'), ('(2012)', '(2012)|none'),
    ('(500) Days of Summer', '(500) Days of Summer|none'), ('(500) Days of Summer (2009)', '(500) Days of Summer|2009'), ('2001: A Space Odyssey (1968)', '2001: A Space Odyssey|1968'),
    ('Blade Runner 2049', 'Blade Runner 2049|none'), ('X (3000)', 'X (3000)|none'), ('X (1799)', 'X (1799)|none'), ('X (99)', 'X (99)|none'), ('X (1999) Y', 'X (1999) Y|none'),
    ('Birdman or (The Unexpected Virtue of Ignorance)', 'Birdman or (The Unexpected Virtue of Ignorance)|none'), ('[REC]', '[REC]|none'), ('Kill Bill (vol-2)', 'Kill Bill (vol-2)|none'), ('Mal (mal-adjusted)', 'Mal (mal-adjusted)|none'), ('X (1999) (part-2)', 'X (1999) (part-2)|none'), ('[REC] (2007)', '[REC]|2007'), ('{Proof}', '{Proof}|none'),
    ('{imdb-tt0133093}', '{imdb-tt0133093}|none|imdb tt0133093'), ('X [1080p]', 'X [1080p]|none'), ('', 'none'), ('  ', 'none'), ('???', '???|none'), ('★', '★|none'),
    ('となりのトトロ (1988)', 'となりのトトロ|1988'), ('Ё (2000) {tmdb-1}', 'Ё|2000|tmdb 1')
) as t (title, expected);
select results_eq(
    $$select pymap._plain_title(null), pymap._title_year(null), pymap._with_title_ids('[{"source": "tmdb", "id": "1"}]', null), pymap._title_key(null)$$,
    $$values (null::text, null::integer, '[{"source": "tmdb", "id": "1"}]'::jsonb, null::text)$$, 'Without a title there is nothing to read, and the external IDs stay'
);
select is(
    pymap._with_title_ids('[{"source": "tmdb", "id": "1", "rank": 1}, {"source": "imdb", "id": "tt0133093"}]', 'X {imdb-tt0133093} [tmdbid-603]'),
    '[{"source": "tmdb", "id": "1", "rank": 1}, {"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]',
    'External IDs of the title are added to those that there are, each once'
);

-- The key: what is alike has one, what is not has another one

select is(pymap._title_key(t.one), pymap._title_key(t.other), format('Alike: %s and %s', t.one, t.other))
from (values
    ('The Matrix', 'THE MATRIX'), ('The Matrix', 'the  matrix '), ('The.Matrix', 'The Matrix'), ('WALL·E', 'Wall-E'), ('WALL•E', 'WALLE'), ('M*A*S*H', 'MASH'), ('Fast & Furious', 'Fast and Furious'),
    ('Amélie', 'AMELIE'), ('Ame' || U&'\0301' || 'lie', 'Amélie'), ('Ё', 'е'), ('ЁЛКИ', 'Елки'), ('Ærø', 'AERO'), ('Œuvre', 'oeuvre'), ('Straße', 'STRASSE'), ('Łódź', 'Lodz'), ('Đorđe', 'dorde'),
    ('İstanbul', 'istanbul'), ('ıstanbul', 'ISTANBUL'), ('ΕΛΛΆΣ', 'Ελλάς'), ('Don''t Look Up', 'Don’t Look Up'), ('Mission: Impossible – Fallout', 'Mission Impossible - Fallout'),
    ('Alien³', 'Alien 3'), ('Se7en', 'SE7EN'), ('ＡＫＩＲＡ', 'Akira'), ('千と千尋の神隠し', '千と千尋の神隠し'), ('ガンダム', 'ｶﾞﾝﾀﾞﾑ'), ('スター・ウォーズ', 'スターウォーズ'), ('기생충', normalize('기생충', nfd)), ('★', '★'), ('???', '???'), ('Zoë', 'zoe')
) as t (one, other);
select isnt(pymap._title_key(t.one), pymap._title_key(t.other), format('Not alike: %s and %s', t.one, t.other))
from (values
    ('1917', '2012'), ('Se7en', 'Seven'), ('Alien', 'Aliens'), ('Alien', 'Alien 3'), ('★', '☆'), ('???', '!!!'), ('★', ''), ('カ', 'ガ'), ('東京物語', '東京暮色'), ('Rocky II', 'Rocky III'), ('Ø', 'Æ'), ('М', 'M')
) as t (one, other);
select is(pymap._title_key(t.title) <> '', true, 'A title of symbols or of another script has a key: ' || t.title)
from (values ('★'), ('???'), ('...'), ('千と千尋の神隠し'), ('हिन्दी'), ('العربية'), ('😀'), ('$'), ('1917')) as t (title);
select is(pymap._title_key(''), '', 'The key of an empty title is empty');
select is(length(pymap._title_key(repeat('x', 5000))), 250, 'A key has at most 250 characters');

-- Very long titles

select is(
    (select string_agg(a.action, ', ') from pymap.sync_client_items(c.client_id, 'plex', jsonb_build_array(jsonb_build_object('itemId', 'a', 'type', 'movie', 'title', repeat('Ⅷé千', 331) || ' (1999)'))) as a), c.action,
    'A title of 1,000 characters can be stored and matched: client ' || c.client_id
)
from (values (1, 'created'), (2, 'matched')) as c (client_id, action);
select is(
    (select length(title) from pymap.media_items where id = pymap.get_media_item_by_client_id(1, 'a')), 993, 'It is stored whole, without the year'
);
-- Text that does not compress: an index entry has a limit.
insert into pymap.media_items (id, type, title)
select 900000001, 'movie', string_agg(chr(19968 + ((n::bigint * 7919 + n::bigint * n * 104729) % 20000)::integer), '' order by n) from generate_series(1, 1000) as n;
select is((select length(title) from pymap.media_items where id = 900000001), 1000, 'Also 1,000 characters of Chinese, 3,000 bytes');
select throws_ok(replace(s.statement, 'LONG', repeat('é', 1001)), '22023', null, 'A title of 1,001 characters is refused: ' || s.description)
from (values
    ($$insert into pymap.media_items (type, title) values ('movie', 'LONG')$$, 'INSERT'), ($$update pymap.media_items set title = 'LONG' where id = 900000001$$, 'UPDATE'),
    ($$select pymap.get_or_create_mapping(2, 'plex', 'l', 'movie', 'LONG')$$, 'get_or_create_mapping'),
    ($$select * from pymap.get_or_create_mappings(2, 'plex', '[{"itemId": "l", "type": "movie", "title": "LONG"}]')$$, 'get_or_create_mappings'),
    ($$select * from pymap.sync_client_items(2, 'plex', '[{"itemId": "l", "type": "movie", "title": "LONG"}]', '{}')$$, 'sync_client_items')
) as s (statement, description);
select is_empty($$select from pymap.media_items where title ~ '^é+$'$$, 'Then nothing is written');

-- get_or_create_mapping reads titles just so

select is(
    pymap.get_or_create_mapping(3, 'emby', 'm', 'movie', 'The Matrix (1999) {imdb-tt0133093}', p_release_year => 2020) > 0, true, 'A title with a year and an external ID'
);
select results_eq(
    $$select title, release_year, external_ids from pymap.media_items where id = pymap.get_media_item_by_client_id(3, 'm')$$,
    $$values ('The Matrix', 1999, '[{"source": "imdb", "id": "tt0133093"}]'::jsonb)$$, 'Title, year and external ID are stored each in its place; the year of the title beats the other one'
);
select results_eq(
    $$select action, media_item_id from pymap.get_or_create_mappings(4, 'kodi', '[{"itemId": "1", "type": "movie", "title": "Matrix [imdbid-tt0133093]"}]')$$,
    $$select 'matched', pymap.get_media_item_by_client_id(3, 'm')$$, 'A batch reads them too'
);

select * from finish();

rollback;
