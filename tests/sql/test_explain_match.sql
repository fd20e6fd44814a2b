begin;

select plan(31);

insert into pymap.media_items (tenant_id, id, type, title, release_year, sync_clients, external_ids) values
    (0, 900000001, 'movie', 'Amélie', 2001, '[{"clientId": 9, "clientType": "kodi", "itemId": "linked"}]', '[{"source": "imdb", "id": "tt0211915"}]'),
    (0, 900000002, 'movie', 'Alien', 1979, '[]', '[{"source": "tmdb", "id": "348"}]'),
    (1, 900000003, 'movie', 'Amélie', 2001, '[]', '[]');
insert into pymap.media_items (id, type, merged_into) values (900000004, 'movie', 900000001);
do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "p", "type": "movie", "title": "Amélie", "year": 2001, "externalIds": {"imdb": "tt0211915", "tmdb": 194}, "path": "/films/Amelie (2001)/Amelie.mkv"},
        {"itemId": "s", "type": "series", "title": "Lost", "year": 2004, "externalIds": {"tvdb": 73739}},
        {"itemId": "e1", "type": "episode", "title": "Pilot", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1},
        {"itemId": "e2", "type": "episode", "title": "Tabula Rasa", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 3}
    ]');
    perform pymap.sync_client_items(2, 'emby', '[
        {"itemId": "a", "type": "movie", "title": "Le Fabuleux Destin d''Amélie Poulain", "year": 2001, "externalIds": {"imdb": ["tt0211915", "tt0000001"], "tmdb": 194, "letterboxd": 7}, "path": "D:\\Films\\Amelie (2001)\\Amelie.mkv"},
        {"itemId": "t", "type": "series", "title": "LOST", "year": 2004},
        {"itemId": "f1", "type": "episode", "title": "Pilot", "parentItemId": "t", "seasonNumber": 1, "episodeNumber": 1},
        {"itemId": "x", "type": "movie", "title": "Aliens", "year": 1986, "externalIds": {"tmdb": 679}}
    ]');
end
$$;
create function pg_temp.item(p_client_item_id text) returns bigint language sql as $$
    select c.media_item_id from pymap.client_items as c where c.tenant_id = 0 and c.client_item_id = p_client_item_id
$$;

-- What speaks for a mapping

select results_eq(
    $$select * from pymap.explain_match(p_media_item_id => 900000001, p_media_type => 'movie', p_client_item_id => 'p', p_client_id => 1)$$,
    $$
        values ('tmdb', '194', '194', 'agrees', 12), ('file', 'amelie/amelie (2001)', 'amelie/amelie (2001)', 'agrees', 10),
               ('imdb', 'tt0211915', 'tt0000001, tt0211915', 'overlaps', 6), ('year', '2001', '2001', 'agrees', 3),
               ('title', 'Amélie', 'Le Fabuleux Destin d''Amélie Poulain', 'differs', -3), ('mapping', 'p', '900000001', 'agrees', 8)
    $$,
    'A row for every comparison, the heaviest first, then the mapping itself; its own title is not asked; arguments by name'
);
select results_eq(
    $$select * from pymap.explain_match(2, 'a', 'movie', 900000001) where field in ('file', 'title', 'year', 'mapping')$$,
    $$
        values ('file', 'amelie/amelie (2001)', 'amelie/amelie (2001)', 'agrees', 10), ('year', '2001', '2001', 'agrees', 3),
               ('title', 'Le Fabuleux Destin d''Amélie Poulain', 'Amélie', 'differs', -3), ('mapping', 'a', '900000001', 'agrees', 8)
    $$,
    'The same from the other side'
);
select results_eq(
    $$select * from pymap.explain_match(2, 'a', 'movie', 900000001) where field in ('imdb', 'tmdb', 'letterboxd') order by 1$$,
    $$values ('imdb', 'tt0000001, tt0211915', 'tt0211915', 'overlaps', 6), ('tmdb', '194', '194', 'agrees', 12)$$,
    'External IDs are compared with what others told, not with what the media item has learned from this one'
);
select is(
    (select sum(weight) from pymap.explain_match(2, 'a', 'movie', 900000001) where field <> 'mapping'), (select weight from pymap.get_mapping_evidence(2, 'movie') where client_item_id = 'a')::bigint,
    'Together they are the weight with which it was matched'
);
select results_eq(
    $$select * from pymap.explain_match(2, 'f1', 'episode', pg_temp.item('e1'))$$,
    $$
        select r.field, r.client_says, r.media_item_says, r.outcome, r.weight
        from (values
            (1, 'title', 'Pilot', 'Pilot', 'unique', 13), (2, 'place', format('media item %s 1x1', pg_temp.item('s')), format('media item %s 1x1', pg_temp.item('s')), 'same place', 10),
            (3, 'mapping', 'f1', pg_temp.item('e1')::text, 'agrees', 8)
        ) as r (n, field, client_says, media_item_says, outcome, weight)
        order by r.n
    $$,
    'An episode: a title that no sibling has, and its place'
);
select results_eq(
    $$select field, outcome, weight from pymap.explain_match(2, 't', 'series', pg_temp.item('s'))$$, $$values ('title', 'spelled alike', 7), ('year', 'agrees', 3), ('mapping', 'agrees', 8)$$, 'A title in capitals'
);
select results_eq(
    $$select * from pymap.explain_match(9, 'linked', 'movie', 900000001) where field = 'mapping'$$, $$values ('mapping', 'linked', '900000001', 'linked', 30)$$,
    'A mapping that somebody wrote and of which nothing is told'
);
select is_empty($$select from pymap.explain_match(9, 'linked', 'movie', 900000001) where weight > 0 and field <> 'mapping'$$, 'Nothing else speaks for it');
select results_eq(
    'select * from pymap.explain_match(2, ''a'', ''movie'', 900000004) order by 1', 'select * from pymap.explain_match(2, ''a'', ''movie'', 900000001) order by 1', 'The ID of a redirect stands for what it leads to'
);

-- What speaks for or against another media item

select results_eq(
    $$select * from pymap.explain_match(2, 'x', 'movie', 900000002)$$,
    $$values ('title', 'Aliens', 'Alien', 'differs', -3), ('tmdb', '679', '348', 'differs', -6), ('year', '1986', '1979', 'differs', -6)$$, 'Why it is not that one, whose columns an application wrote'
);
select results_eq(
    $$select field, outcome, weight, media_item_says from pymap.explain_match(2, 'f1', 'episode', pg_temp.item('e2'))$$,
    $$values ('title', 'differs', -3, 'Tabula Rasa'), ('place', 'other place', -5, format('media item %s 1x3', pg_temp.item('s')))$$, 'Why it is not the other episode'
);
select results_eq(
    $$select field, outcome from pymap.explain_match(1, 'p', 'movie', 900000002) order by 1$$, $$values ('title', 'differs'), ('tmdb', 'differs'), ('year', 'differs')$$, 'What only the one of them has, has no row: IMDb and the file'
);
do $$ begin perform pymap.merge_media_items(900000002, pg_temp.item('x')); end $$;
select results_eq($$select outcome, weight from pymap.explain_match(2, 'x', 'movie', 900000002) where field = 'mapping'$$, $$values ('agrees', 8)$$, 'After a merge it is mapped to it');

-- Where nobody else has told anything the columns of the media item are all there is

insert into pymap.media_items (id, type, title, release_year, external_ids) values (900000005, 'movie', 'Ran', 1985, '[{"source": "imdb", "id": "tt0089881"}]');
select is((select media_item_id from pymap.sync_client_items(5, 'plex', '[{"itemId": "r", "type": "movie", "title": "Ran", "year": 1985, "externalIds": {"imdb": "tt0089881"}}]')), 900000005::bigint, 'A sync finds what an application wrote');
select results_eq($$select field, weight from pymap.explain_match(5, 'r', 'movie', 900000005)$$, $$values ('imdb', 12), ('mapping', 8)$$, 'The external ID that they share is shown');

-- It agrees with what a sync weighs

do $$
begin
    perform pymap.sync_client_items(3, 'emby', '[{"itemId": "h", "type": "movie", "title": "Heat", "year": 1995, "externalIds": {"imdb": "tt0113277", "tmdb": 949}}]');
    perform pymap.sync_client_items(4, 'kodi', '[{"itemId": "h", "type": "movie", "title": "HEAT", "year": 1996, "externalIds": {"imdb": "tt0113277"}}]');
end
$$;
select is(
    (select jsonb_object_agg(field, weight) from pymap.explain_match(4, 'h', 'movie', pymap.get_media_item_by_client_id(3, 'h')) where field <> 'mapping'),
    (select comparisons from pymap.get_mapping_evidence(4)), 'The same fields and weights'
);
select is((select weight from pymap.get_mapping_evidence(4)), 20, 'Which are IMDb 12, title 7 and year 1');

-- Refused

select matches(helpers.refusal(format('select * from pymap.explain_match(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('1, ''none'', ''movie'', 900000001', '^22023\|p_client_item_id is ''none''\.\|.*no mapping.*', 'a client item ID that is not mapped'), ('1, ''p'', ''series'', 900000001', '^22023\|p_client_item_id is ''p''\.\|.*series.*', 'not for this media type'),
    ('2, ''p'', ''movie'', 900000001', '^22023\|p_client_item_id is ''p''\.\|.+', 'not of this client'), ('1, ''p'', ''movie'', 900000003, 1', '^22023\|p_client_item_id is ''p''\.\|.+', 'not in this tenant'),
    ('1, ''p'', ''film'', 900000001', '^22023\|p_media_type is ''film''\.\|.+', 'a media type that does not exist'), ('1, ''p'', null, 900000001', '^22023\|p_media_type is NULL\.\|.+', 'media type NULL'),
    ('1, ''p'', ''movie'', 999999999', '^P0002\|p_media_item_id is 999999999.*\|.+', 'a media item that does not exist'), ('1, ''p'', ''movie'', null', '^P0002\|p_media_item_id is NULL.*\|.+', 'media item NULL'),
    ('1, ''p'', ''movie'', 900000003', '^P0002\|p_media_item_id is 900000003.*\|.+', 'a media item of another tenant'), ('0, ''p'', ''movie'', 900000001', '^22023\|p_client_id is ''0''\.\|.+', 'client ID 0'),
    ('null, ''p'', ''movie'', 900000001', '^22023\|p_client_id is NULL\.\|.+', 'client ID NULL'), ('1, '''', ''movie'', 900000001', '^22023\|p_client_item_id is ''''\.\|.+', 'an empty client item ID'),
    ('1, null, ''movie'', 900000001', '^22023\|p_client_item_id is NULL\.\|.+', 'client item ID NULL'), ('1, ''p'', ''movie'', 900000001, null', '^22023\|p_tenant_id is NULL\.\|.+', 'tenant NULL')
) as b (arguments, refusal, problem);

select * from finish();

rollback;
