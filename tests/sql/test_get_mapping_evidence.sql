begin;

select plan(17);

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "m", "type": "movie", "title": "Heat", "year": 1995, "externalIds": {"imdb": "tt0113277"}}, {"itemId": "n", "type": "movie", "title": "Ran", "year": 1985},
        {"itemId": "f", "type": "movie", "path": "/films/Filed/Filed.mkv"}, {"itemId": "k", "type": "movie", "title": "Private", "externalIds": {"letterboxd": 5}},
        {"itemId": "s", "type": "series", "externalIds": {"tvdb": 1}}, {"itemId": "e", "type": "episode", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 1}
    ]');
    perform pymap.sync_client_items(2, 'emby', '[
        {"itemId": "m", "type": "movie", "title": "Heat", "year": 1995, "externalIds": {"imdb": "tt0113277"}}, {"itemId": "n", "type": "movie", "title": "Ran", "year": 1985},
        {"itemId": "f", "type": "movie", "path": "/films/Filed/Filed.mkv"}, {"itemId": "k", "type": "movie", "title": "Private", "externalIds": {"letterboxd": 5}},
        {"itemId": "new", "type": "movie", "title": "New"},
        {"itemId": "m", "type": "series", "externalIds": {"tvdb": 1}}, {"itemId": "e", "type": "episode", "parentItemId": "m", "seasonNumber": 1, "episodeNumber": 1}
    ]');
    perform pymap.link_client_item(pymap.get_media_item_by_client_id(1, 'm'), 2, 'emby', 'linked');
    perform pymap.sync_client_items(2, 'emby', '[{"itemId": "m", "type": "movie", "title": "Heat"}]', p_tenant_id => 1);
end
$$;
create function pg_temp.evidence(p_client_item_id text, p_media_type text default 'movie', p_client_id bigint default 2) returns text language sql as $$
    select concat_ws(' ', e.evidence, e.weight, e.comparisons) from pymap.get_mapping_evidence(p_client_id, p_media_type) as e where e.client_item_id = p_client_item_id
$$;

select is(pg_temp.evidence(r.client_item_id, r.media_type), r.evidence, r.description)
from (values
    ('m', 'movie', 'external_ids 22 {"imdb": 12, "year": 3, "title": 7}', 'External IDs are the strongest, with all that was compared'), ('n', 'movie', 'title 10 {"year": 3, "title": 7}', 'Title and year'),
    ('f', 'movie', 'file 12 {"file": 10, "year": 2}', 'A file'), ('k', 'movie', 'external_ids 11 {"year": 2, "title": 7, "letterboxd": 2}', 'An ID of a private source, which weighs little'),
    ('e', 'episode', 'numbers 10 {"place": 10}', 'Numbers below one parent'), ('m', 'series', 'external_ids 14 {"tvdb": 12, "year": 2}', 'The same ID of another media type'),
    ('new', 'movie', '', 'What made its media item has none'), ('linked', 'movie', '', 'Nor has what somebody wrote')
) as r (client_item_id, media_type, evidence, description);
select results_eq(
    $$select client_item_id, media_type, media_item_id from pymap.get_mapping_evidence(p_client_id => 2, p_tenant_id => 0) order by 1, 2$$,
    'select client_item_id, media_type, media_item_id from pymap.sync_clients_list(2) order by 1, 2', 'Every mapping of the client, of all media types; arguments by name'
);
select results_eq($$select client_item_id collate "default", evidence from pymap.get_mapping_evidence(2, null, 1)$$, $$values ('m', null::text)$$, 'In another tenant');
select is_empty('select from pymap.get_mapping_evidence(99)', 'Of a client that is not known: nothing');
select is_empty($$select from pymap.get_mapping_evidence(2, 'photo')$$, 'Nor of a media type without mappings');

-- What becomes of it

do $$
begin
    perform pymap.sync_client_items(2, 'emby', '[
        {"itemId": "m", "type": "movie", "title": "Heat!", "year": 1996, "externalIds": {"imdb": "tt0113277"}}, {"itemId": "n", "type": "movie", "title": "Other", "year": 1950, "externalIds": {"imdb": "tt0000009"}}
    ]', '{}');
end
$$;
select is(pg_temp.evidence('m'), 'external_ids 22 {"imdb": 12, "year": 3, "title": 7}', 'A mapping that is kept keeps why it was made');
select is(pg_temp.evidence('n'), '', 'One that is given to something new is weighed anew');
select matches(helpers.refusal(format('select * from pymap.get_mapping_evidence(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('0', '^22023\|p_client_id is ''0''\.\|.+', 'client ID 0'), ('null', '^22023\|p_client_id is NULL\.\|.+', 'client ID NULL'), ('1, ''film''', '^22023\|p_media_type is ''film''\.\|.+', 'a media type that does not exist')
) as b (arguments, refusal, problem);

select * from finish();

rollback;
