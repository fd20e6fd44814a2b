begin;

select plan(62);

-- Media items by a name that the tests give them.
create temporary table made (name text primary key, id bigint);
create function pg_temp.made(p_name text) returns bigint language sql as $$ select id from made where name = p_name; $$;
create function pg_temp.external_ids(p_name text) returns jsonb language sql as $$
    select jsonb_object_agg(s.source, s.ids)
    from (
        select e.source, jsonb_agg(e.id order by e.id) as ids
        from pymap.media_items as i, jsonb_to_recordset(i.external_ids) as e (source text, id text)
        where i.id = pg_temp.made(p_name)
        group by e.source
    ) as s;
$$;

-- A new media item

insert into made values ('matrix', pymap.get_or_create_mapping(
    1, 'plex', 'a', 'movie', 'The Matrix', '{"seen": true}', '[{"source": "IMDB", "id": "133093"}, {"source": "tmdb", "id": "603"}]', 1999
));
select results_eq(
    $$select tenant_id, type, title, release_year, sync_clients, external_ids, data from pymap.media_items where id = pg_temp.made('matrix')$$,
    $$
        values (
            0::bigint, 'movie' collate "C", 'The Matrix', 1999, '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]'::jsonb,
            '[{"source": "imdb", "id": "tt0133093"}, {"source": "tmdb", "id": "603"}]'::jsonb, '{"seen": true}'::jsonb
        )
    $$,
    'A new media item has everything that the caller knows, canonically'
);
select is(pymap.get_media_item_by_client_id(1, 'a'), pg_temp.made('matrix'), 'It is found by its client item ID');
select results_eq(
    $$select pymap.get_media_items_by_external_id('imdb', 'tt0133093', 'movie')$$, $$select pg_temp.made('matrix')$$,
    'It is found by its external ID'
);
insert into made values ('untitled', pymap.get_or_create_mapping(
    p_title => null, p_media_type => 'movie', p_client_item_id => 'untitled', p_client_type => 'plex', p_client_id => 1
));
select results_eq(
    $$select title, release_year, external_ids, data from pymap.media_items where id = pg_temp.made('untitled')$$,
    $$values (null::text, null::integer, '[]'::jsonb, '{}'::jsonb)$$, 'Title NULL and the defaults; arguments by name'
);

-- An existing mapping

select is(
    pymap.get_or_create_mapping(1, 'plex', 'a', 'movie', 'Other', '{"seen": false}', '{"imdb": "tt9999999", "tmdb": "1"}', 2003),
    pg_temp.made('matrix'), 'The mapping that exists wins, whatever else is said'
);
select results_eq(
    $$select title, release_year, data, pg_temp.external_ids('matrix') from pymap.media_items where id = pg_temp.made('matrix')$$,
    $$values ('The Matrix', 1999, '{"seen": true}'::jsonb, '{"imdb": ["tt0133093"], "tmdb": ["603"]}'::jsonb)$$,
    'The media item stays as it was'
);
select is((select count(*) from pymap.media_items), 2::bigint, 'No other media item has come');

-- A match by external ID

select is(
    pymap.get_or_create_mapping(2, 'emby', '1', 'movie', 'Matrix', '{"seen": false}', '{"Imdb": "tt0133093", "Tvdb": ["169", "170"]}', 2000),
    pg_temp.made('matrix'), 'Another client''s ID with the same external ID is the same media item'
);
select results_eq(
    $$select title, release_year, data from pymap.media_items where id = pg_temp.made('matrix')$$,
    $$values ('The Matrix', 1999, '{"seen": true}'::jsonb)$$, 'A match overwrites neither title nor year nor data'
);
select is(
    pg_temp.external_ids('matrix'), '{"imdb": ["tt0133093"], "tmdb": ["603"], "tvdb": ["169", "170"]}', 'A match teaches new external IDs'
);
savepoint overlap;
insert into made values ('overlap', pymap.get_or_create_mapping(3, 'kodi', '2', 'movie', null, p_external_ids => '{"tvdb": 169}'));
select isnt(pg_temp.made('overlap'), pg_temp.made('matrix'), 'One of several IDs of a source and nothing else: an item of its own');
select results_eq(
    $$select candidate_id, weight, comparisons from pymap.get_review_candidates(pg_temp.made('overlap'))$$,
    $$select pg_temp.made('matrix'), 5, '{"tvdb": 6, "year": -1}'::jsonb$$, 'Which is to be reviewed'
);
rollback to savepoint overlap;
select is(
    pymap.get_or_create_mapping(3, 'kodi', '1', 'movie', 'The Matrix', p_external_ids => '{"tvdb": 170}'), pg_temp.made('matrix'),
    'What was learned matches'
);
select is(
    pymap.get_or_create_mapping(1, 'plex', 'a-4K', 'movie', null, p_external_ids => '{"tmdb": ["0603.0"]}'), pg_temp.made('matrix'),
    'Editions: a second ID on the same client, the external ID in another spelling'
);
select results_eq(
    $$select client_id, client_item_id from pymap.get_client_item_ids(pg_temp.made('matrix'))$$,
    $$values (1::bigint, 'a'), (1, 'a-4K'), (2, '1'), (3, '1')$$, 'The media item has all the mappings'
);
insert into pymap.media_items (id, type, external_ids) values (900000001, 'movie', '[{"source": "imdb", "id": "tt0234215"}]');
select is(
    pymap.get_or_create_mapping(1, 'plex', 'b', 'movie', null, p_external_ids => '{"imdb": "tt0234215"}'), 900000001::bigint,
    'An external ID that an application wrote matches'
);
select is(
    pymap.get_or_create_mapping(1, 'plex', 'c', 'movie', null, p_external_ids => '{"imdb": ["tt0234215", "tt0234216"]}'), 900000001::bigint,
    'One of several IDs of a source is enough where nothing else is known'
);

-- No match

insert into made values ('series 603', pymap.get_or_create_mapping(1, 'plex', 's', 'series', 'S', p_external_ids => '{"tmdb": "603"}'));
select isnt(pg_temp.made('series 603'), pg_temp.made('matrix'), 'TMDB 603 is a film and a series: another media item');
insert into made values ('contradiction', pymap.get_or_create_mapping(
    1, 'plex', 'x', 'movie', 'X', p_external_ids => '{"imdb": "tt0133093", "tmdb": "604"}'
));
select isnt(pg_temp.made('contradiction'), pg_temp.made('matrix'), 'A contradiction in another source: an item of its own');
select is(pg_temp.external_ids('contradiction'), '{"imdb": ["tt0133093"], "tmdb": ["604"]}', 'It has the shared external ID as well');
select is(
    pymap.get_or_create_mapping(2, 'emby', 'x', 'movie', 'X', p_external_ids => '{"imdb": "tt0133093", "tmdb": "604"}'),
    pg_temp.made('contradiction'), 'Of two that share the ID, the one that does not contradict'
);
select results_eq(
    $$select evidence collate "default", weight, comparisons from pymap.get_mapping_evidence(2) where client_item_id = 'x'$$,
    $$values ('external_ids', 33, '{"imdb": 12, "tmdb": 12, "title": 7, "year": 2}'::jsonb)$$, 'Why, stands with the mapping'
);
insert into made values ('ambiguous', pymap.get_or_create_mapping(1, 'plex', 'y', 'movie', 'Y', p_external_ids => '{"imdb": "tt0133093"}'));
select is(
    pg_temp.made('ambiguous') in (pg_temp.made('matrix'), pg_temp.made('contradiction')), false,
    'Two that share the ID and contradict each other: ambiguity is not resolved by guessing'
);
insert into made values ('another year', pymap.get_or_create_mapping(4, 'jellyfin', 'y', 'movie', 'The Matrix', p_release_year => 2021));
select isnt(pg_temp.made('another year'), pg_temp.made('matrix'), 'The same title of another year is another thing');
insert into made values ('solaris', pymap.get_or_create_mapping(1, 'plex', 'solaris', 'movie', 'Solaris', p_release_year => 1972));
insert into made values ('no year', pymap.get_or_create_mapping(4, 'jellyfin', 'x', 'movie', 'Solaris'));
select isnt(pg_temp.made('no year'), pg_temp.made('solaris'), 'A title alone is not enough');
select results_eq(
    $$select candidate_id, weight, comparisons from pymap.get_review_candidates(pg_temp.made('no year'))$$,
    $$select pg_temp.made('solaris'), 6, '{"title": 7, "year": -1}'::jsonb$$, 'It is to be reviewed'
);

-- A match by title and year

select is(
    pymap.get_or_create_mapping(4, 'jellyfin', 'z', 'movie', 'The Matrix', p_release_year => 1999), pg_temp.made('matrix'), 'Title and year match'
);
select is(
    pymap.get_or_create_mapping(4, 'jellyfin', 'z2', 'movie', 'MATRIX: The?', p_release_year => 1999) in (select id from made), false, 'Another title does not'
);
select results_eq(
    $$select evidence collate "default", weight, comparisons from pymap.get_mapping_evidence(4) where client_item_id = 'z'$$,
    $$values ('title', 10, '{"title": 7, "year": 3}'::jsonb)$$, 'With the mapping stands why'
);
select isnt(
    pymap.get_or_create_mapping(4, 'jellyfin', 'z3', 'series', 'The Matrix', p_release_year => 1999), pg_temp.made('matrix'), 'Not across media types'
);
insert into made
select p.name, pymap.get_or_create_mapping(1, 'plex', p.name, 'movie', p.name, '{}', p.external_ids)
from (values
    ('placeholder 1', '{"imdb": "", "tmdb": "0", "tvdb": null, "musicbrainz": "00000000-0000-0000-0000-000000000000"}'::jsonb),
    ('placeholder 2', '{"imdb": "", "tmdb": "0", "tvdb": null, "musicbrainz": "00000000-0000-0000-0000-000000000000"}'),
    ('placeholder 3', '{"imdb": "unknown", "com.plexapp.agents.none": "none://1", "local": "local://1"}'),
    ('placeholder 4', '{"imdb": "unknown", "com.plexapp.agents.none": "none://1", "local": "local://1"}'),
    ('placeholder 5', '{"TmdbCollection": "2344", "facebook": "TheMatrix", "OfficialWebsite": "https://example.org"}'),
    ('placeholder 6', '{"TmdbCollection": "2344", "facebook": "TheMatrix", "OfficialWebsite": "https://example.org"}')
) as p (name, external_ids);
select is(
    (select count(distinct id) from made where name like 'placeholder%'), 6::bigint, 'Placeholders, links, handles and a collection''s ID match nothing'
);
select is_empty(
    $$select external_ids from pymap.media_items where id in (select id from made where name like 'placeholder%') and external_ids <> '[]'$$,
    'And are not stored'
);

-- Client item IDs

insert into made
select i.name, pymap.get_or_create_mapping(i.client_id, i.client_type, i.item_id, i.media_type, null)
from (values
    ('movie 1', 30, 'kodi', '1', 'movie'), ('series 1', 30, 'kodi', '1', 'series'), ('episode 1', 30, 'kodi', '1', 'episode'),
    ('upper', 1, 'plex', 'CASE', 'movie'), ('lower', 1, 'plex', 'case', 'movie'), ('7', 1, 'plex', '7', 'movie'), ('007', 1, 'plex', '007', 'movie'),
    ('spaces', 1, 'plex', ' 7 ', 'movie'), ('1,024 bytes', 1, 'plex', repeat('é', 512), 'movie'),
    ('plex GUID', 1, 'plex', 'F27CAA37-E514-2225-CCEB-DED48F6553A2', 'movie'), ('plex guid', 1, 'plex', 'f27caa37e5142225ccebded48f6553a2', 'movie')
) as i (name, client_id, client_type, item_id, media_type);
select is(
    (select count(distinct id) from made where name not like 'placeholder%'), 19::bigint,
    'Movie 1, series 1 and episode 1; CASE and case; 7, 007 and " 7 "; a Plex GUID in two spellings: all are different'
);
select is(pymap.get_media_item_by_client_id(1, repeat('é', 512)), pg_temp.made('1,024 bytes'), 'An ID of 1,024 bytes is found again');
select is(
    pymap.get_or_create_mapping(4, 'jellyfin', 'F27CAA37-E514-2225-CCEB-DED48F6553A2', 'movie', null),
    pymap.get_or_create_mapping(4, 'jellyfin', 'f27caa37e5142225ccebded48f6553a2', 'movie', null),
    'A Jellyfin GUID is one ID in every spelling'
);
select is(
    helpers.refusal($$select pymap.get_or_create_mapping(9223372036854775807, 'plex', 'a', 'movie', null)$$), 'no error',
    'Any bigint from 1 up is a client ID'
);

-- What is refused, with nothing written

create temporary table rows_before as table pymap.media_items;

select matches(
    helpers.refusal(format('select pymap.get_or_create_mapping(%s)', b.arguments)), '^22023\|' || b.detail || '.*\|.+',
    'Refused, with the argument and its value: ' || b.problem
)
from (values
    ('0, ''plex'', ''new'', ''movie'', null', 'p_client_id is ''0''', 'client ID 0'),
    ('null, ''plex'', ''new'', ''movie'', null', 'p_client_id is NULL', 'client ID NULL'),
    ('1, null, ''new'', ''movie'', null', 'p_client_type is NULL', 'client type NULL'),
    ('1, null, ''a'', ''movie'', null', 'p_client_type is NULL', 'client type NULL, for an ID that is mapped too'),
    ('99, ''Plex'', ''new'', ''movie'', null', 'p_client_type is ''Plex''', 'a client type in upper case'),
    ('99, '''', ''new'', ''movie'', null', 'p_client_type is ''''', 'an empty client type'),
    ('99, repeat(''a'', 51), ''new'', ''movie'', null', 'p_client_type is ''aaa', 'a client type of 51 characters'),
    ('1, ''plex'', '''', ''movie'', null', 'p_client_item_id is ''''', 'an empty ID'),
    ('1, ''plex'', null, ''movie'', null', 'p_client_item_id is NULL', 'ID NULL'),
    ('1, ''plex'', repeat(''a'', 1025), ''movie'', null', 'p_client_item_id is ''aaa', 'an ID of 1,025 bytes'),
    ('1, ''plex'', repeat(''é'', 513), ''movie'', null', 'p_client_item_id is ''ééé', 'an ID of 513 characters that are 1,026 bytes'),
    ('1, ''plex'', ''new'', ''film'', null', 'p_media_type is ''film''', 'a media type that is not known'),
    ('1, ''plex'', ''new'', null, null', 'p_media_type is NULL', 'media type NULL'),
    ('1, ''plex'', ''new'', ''movie'', null, ''[]''', 'p_data is ''\[\]''', 'data that are no object'),
    ('1, ''plex'', ''new'', ''movie'', null, null', 'p_data is NULL', 'data NULL'),
    ('1, ''plex'', ''new'', ''movie'', null, ''{}'', ''"tt1"''', '.*external_ids is', 'external IDs that are a text'),
    ('1, ''plex'', ''new'', ''movie'', null, ''{}'', ''["tt1"]''', '.*external_ids is', 'an array of texts as external IDs'),
    ('1, ''plex'', ''new'', ''movie'', null, ''{}'', ''[[{"source": "imdb", "id": "tt0133093"}]]''', '.*external_ids is', 'an array in the array of external IDs'),
    ('1, ''plex'', ''new'', ''movie'', null, ''{}'', ''{"imdb": {"id": 1}}''', '.*external_ids is', 'an object as external ID'),
    ('1, ''plex'', ''new'', ''movie'', null, ''{}'', ''[]'', 0', 'p_release_year is ''0''', 'year 0'),
    ('1, ''plex'', ''new'', ''movie'', null, ''{}'', ''[]'', 10000', 'p_release_year is ''10000''', 'year 10000'),
    ('1, ''plex'', ''new'', ''movie'', null, ''{}'', ''[]'', null, null', 'p_tenant_id is NULL', 'tenant NULL')
) as b (arguments, detail, problem);
select matches(
    helpers.refusal(format('select pymap.get_or_create_mapping(1, ''emby'', %L, ''movie'', null)', i.id)), '^PM003\|.*plex.*\|.+',
    'A client of another type, ' || i.which || ': PM003 names the type that it has'
)
from (values ('new', 'a new ID'), ('a', 'an ID that is mapped')) as i (id, which);
select results_eq('table pymap.media_items order by id', 'table rows_before order by id', 'Nothing of that is written');
select is(pymap.get_or_create_mapping(99, 'emby', 'a', 'movie', null) > 0, true, 'A refused call has not fixed the client''s type');

select * from finish();

rollback;
