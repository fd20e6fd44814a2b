begin;

select plan(47);

create function pg_temp.ids(p_external_ids text) returns jsonb language sql as $$
    select coalesce(jsonb_agg(jsonb_build_object('source', split_part(x, ':', 1), 'id', split_part(x, ':', 2))), '[]')
    from string_to_table(p_external_ids, ' ') as x
$$;
insert into pymap.media_items (id, type, title, release_year, parent_id, parent_number, number, external_ids) values
    (900000001, 'movie', 'Shared', 1999, null, null, null, pg_temp.ids('imdb:tt0000001 tmdb:1 tvdb:1')),
    (900000002, 'movie', 'Shared', 1999, null, null, null, pg_temp.ids('tvdb:1 imdb:tt0000001')),
    (900000003, 'series', null, null, null, null, null, pg_temp.ids('imdb:tt0000001 tvdb:3')),
    (900000004, 'movie', 'One', null, null, null, null, pg_temp.ids('tmdb:4 imdb:tt0000004')),
    (900000005, 'movie', 'Another', null, null, null, null, pg_temp.ids('tmdb:4 imdb:tt0000005')),
    (900000006, 'movie', 'Amélie, the (best)', 2001, null, null, null, pg_temp.ids('imdb:tt0000006')),
    (900000007, 'movie', 'AMELIE The Best', 2001, null, null, null, pg_temp.ids('tmdb:7')),
    (900000008, 'movie', 'Amelie the best', 2005, null, null, null, '[]'),
    (900000009, 'movie', 'Amelie the best', null, null, null, null, '[]'),
    (900000010, 'movie', 'Amelie the best', null, null, null, null, '[]'),
    (900000011, 'series', 'Amelie the best', 2001, null, null, null, '[]'),
    (900000012, 'movie', 'Coincidence', 1980, null, null, null, pg_temp.ids('imdb:tt0000012')),
    (900000013, 'movie', 'Coincidence', 1980, null, null, null, pg_temp.ids('imdb:tt0000013')),
    (900000014, 'artist', 'Band', null, null, null, null, '[]'), (900000015, 'artist', 'band', null, null, null, null, '[]'),
    (900000016, 'album', 'Best of', 1990, 900000014, null, null, '[]'),
    (900000017, 'album', 'Best Of!', 1990, 900000014, null, null, '[]'),
    (900000018, 'album', 'Best of', 1990, 900000015, null, null, '[]'),
    (900000019, 'album', 'Rarities', 1990, null, null, null, '[]'), (900000020, 'album', 'Rarities', 1990, null, null, null, '[]'),
    (900000032, 'album', 'Rarities', 1990, 900000014, null, null, '[]'), (900000033, 'album', 'Rarities', 1990, 900000015, null, null, '[]'),
    (900000021, 'season', 'A', null, 900000003, null, 1, '[]'), (900000022, 'season', 'B', null, 900000003, null, 1, '[]'),
    (900000023, 'season', 'B', null, 900000003, null, 2, '[]'), (900000024, 'season', 'B', null, 900000011, null, 1, '[]'),
    (900000025, 'episode', null, null, 900000003, 1, 1, pg_temp.ids('tvdb:25')),
    (900000026, 'episode', null, null, 900000003, 1, 1, pg_temp.ids('tvdb:26')),
    (900000027, 'episode', null, null, 900000003, 2, 1, '[]'),
    (900000028, 'track', 'Song', null, 900000016, 1, 5, pg_temp.ids('isrc:28')),
    (900000029, 'track', 'Song', null, 900000016, 1, 5, pg_temp.ids('isrc:28')),
    (900000030, 'track', 'Song', null, 900000016, 1, 6, '[]'),
    (900000034, 'movie', 'Coincidence', 1981, null, null, null, '[]');
insert into pymap.media_items (id, type, title, release_year, merged_into) values (900000031, 'movie', 'Shared', 1999, 900000002);
insert into pymap.media_items (tenant_id, id, type, title, release_year, external_ids)
select 1, 900000100 + n, 'movie', 'Three', 1999, pg_temp.ids('tmdb:' || n / 2) from generate_series(1, 3) as n;
create temporary view pairs as
select format(
    '%s %s %s %s %s%s', d.media_item_id - 900000000, d.duplicate_id - 900000000, d.media_type, d.evidence,
    (select string_agg(format('%s:%s', x ->> 'source', x ->> 'id'), ' ') from jsonb_array_elements(d.shared_external_ids) as x),
    case when d.contradicting then '!' end
) as pair, d.*
from pymap.find_duplicates() as d;

-- Each evidence

select is((select count(*) from pairs as p where p.media_item_id = d.one and p.duplicate_id = d.other), d.pairs, d.description)
from (values
    (900000001, 900000002, 1::bigint, 'They share external IDs, and more'), (900000001, 900000003, 0, 'An external ID means something only together with the media type'),
    (900000004, 900000005, 1, 'They share one and contradict each other in another source'), (900000006, 900000007, 1, 'The same folded title and year'),
    (900000006, 900000008, 0, 'Another year'), (900000012, 900000034, 1, 'A year apart'), (900000009, 900000010, 1, 'No year on either side'), (900000006, 900000009, 1, 'No year on one side'),
    (900000006, 900000011, 0, 'Another type'),
    (900000012, 900000013, 1, 'The same title and year, and external IDs that contradict each other'), (900000014, 900000015, 1, 'Artists have no year'),
    (900000016, 900000017, 1, 'The same title below the same parent'), (900000016, 900000018, 1, 'The same title and year below another parent'),
    (900000019, 900000020, 1, 'Albums of nobody'), (900000020, 900000032, 1, 'An album of nobody and one of somebody'), (900000032, 900000033, 1, 'Albums of two artists'), (900000021, 900000022, 1, 'The same number below the same parent, whatever the title'),
    (900000022, 900000023, 0, 'The same title of another number'), (900000022, 900000024, 0, 'The same number below another parent'),
    (900000025, 900000026, 1, 'The same place with external IDs that contradict each other'), (900000025, 900000027, 0, 'The same number of another season'),
    (900000028, 900000029, 1, 'All at once: one pair'), (900000028, 900000030, 0, 'Tracks of one title'), (900000002, 900000031, 0, 'A redirect'),
    (900000001, 900000031, 0, 'Nor of what it is merged into')
) as d (one, other, pairs, description);
select results_eq(
    $$select format('%s: %s', pair, weight) collate "default" from pairs$$,
    $$
        values ('1 2 movie external_ids imdb:tt0000001 tvdb:1: 34'), ('28 29 track external_ids isrc:28: 19'), ('16 17 album title : 13'),
               ('19 20 album title : 10'), ('19 32 album title : 10'), ('19 33 album title : 10'), ('20 32 album title : 10'), ('20 33 album title : 10'),
               ('6 7 movie title : 9'), ('9 10 movie title : 9'), ('14 15 artist title : 9'), ('12 34 movie title : 8'), ('13 34 movie title : 8'),
               ('21 22 season numbers : 7'), ('7 9 movie title : 6'), ('7 10 movie title : 6'), ('8 9 movie title : 6'), ('8 10 movie title : 6'),
               ('4 5 movie external_ids tmdb:4!: 5'), ('6 9 movie title : 5'), ('6 10 movie title : 5'), ('16 18 album title !: 5'), ('32 33 album title !: 5'),
               ('12 13 movie title !: 4'), ('17 18 album title !: 4'), ('25 26 episode numbers !: 4')
    $$,
    'The heaviest come first, then the oldest; the older of a pair first; those that contradict each other say so'
);
select is(p.comparisons, c.comparisons::jsonb, format('Why %s and %s may be one', c.one, c.other))
from (values
    (1, 2, '{"imdb": 12, "tvdb": 12, "title": 7, "year": 3}'), (28, 29, '{"isrc": 2, "place": 10, "title": 7}'), (16, 18, '{"place": -5, "title": 7, "year": 3}'),
    (4, 5, '{"imdb": -6, "tmdb": 12, "title": -3, "year": 2}'), (6, 9, '{"title": 6, "year": -1}'), (25, 26, '{"tvdb": -6, "place": 10}')
) as c (one, other, comparisons)
join pairs as p on p.media_item_id = 900000000 + c.one and p.duplicate_id = 900000000 + c.other;
select is_empty('select from pairs where weight <> (select sum(x.value::integer) from jsonb_each_text(comparisons) as x)', 'The weight is the sum of the comparisons');

-- Arguments

select results_eq(
    $$select media_item_id - 900000000 from pymap.find_duplicates('movie')$$,
    $$values (1::bigint), (6), (9), (12), (13), (7), (7), (8), (8), (4), (6), (6), (12)$$, 'One media type'
);
select is_empty($$select from pymap.find_duplicates('photo')$$, 'One without duplicates');
select results_eq(
    'select media_item_id from pymap.find_duplicates(p_limit => 2)', $$values (900000001::bigint), (900000028)$$, 'The first ones'
);
select results_eq(
    'select media_item_id - 900000100, duplicate_id - 900000100, evidence::text collate "default", weight, shared_external_ids, contradicting from pymap.find_duplicates(p_tenant_id => 1)',
    $$
        values (2::bigint, 3::bigint, 'external_ids', 22, '[{"source": "tmdb", "id": "1"}]'::jsonb, false),
               (1, 2, 'title', 10, '[]', false), (1, 3, 'title', 10, '[]', false)
    $$,
    'Another tenant''s, of three every pair; arguments by name'
);
select matches(helpers.refusal(format('select * from pymap.find_duplicates(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('''film''', '^22023\|p_media_type is ''film''\.\|.+', 'a media type that does not exist'),
    ('null, 0', '^22023\|p_limit is ''0''\.\|.+', 'no pair at all'), ('null, -1', '^22023\|p_limit is ''-1''\.\|.+', 'less than that')
) as b (arguments, refusal, problem);

-- What many have in common tells nothing

insert into pymap.media_items (tenant_id, id, type, title, release_year, parent_id, number, external_ids)
select t.tenant_id, t.tenant_id * 1000 + n, t.type, t.title, t.release_year, t.parent_id, t.number, t.external_ids
from generate_series(1, 21) as n, (values
    (2, 'movie', null, null, null, null, '[{"source": "tmdb", "id": "9"}]'::jsonb), (3, 'movie', 'Same', 1999, null, null, '[]'),
    (4, 'episode', null, null, 5, 1, '[]'),
    (12, 'movie', null, null, null, null, '[{"source": "tmdb", "id": "9"}]'), (13, 'movie', 'Same', 1999, null, null, '[]'),
    (14, 'episode', null, null, 5, 1, '[]')
) as t (tenant_id, type, title, release_year, parent_id, number, external_ids)
where n <= case when t.tenant_id > 10 then 20 else 21 end;
select results_eq(
    format('select count(*) from pymap.find_duplicates(p_tenant_id => %s)', tenant_id), format('select %s::bigint', pairs), description
)
from (values
    (2, 0, 'Twenty-one with one external ID'), (12, 190, 'Twenty with one'), (3, 0, 'Twenty-one of a title'), (13, 190, 'Twenty of a title'),
    (4, 0, 'Twenty-one at a place'), (14, 190, 'Twenty at a place')
) as t (tenant_id, pairs, description);

-- What was answered is asked no more

do $$
begin
    perform pymap.mark_distinct(900000007, 900000006);
    perform pymap.merge_media_items(900000001, 900000002);
end
$$;
select is_empty('select * from pairs where media_item_id = 900000001 or (media_item_id, duplicate_id) = (900000006, 900000007)', 'Neither what is known to be distinct nor what was merged');

select * from finish();

rollback;
