begin;

select plan(9);

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "g", "type": "movie", "title": "The Godfather", "year": 1972, "externalIds": {"imdb": "tt0068646"}, "path": "/films/The Godfather (1972)/Godfather.mkv"},
        {"itemId": "s", "type": "series", "title": "Lost", "year": 2004, "externalIds": {"tvdb": 73739}},
        {"itemId": "e", "type": "episode", "title": "Pilot", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2}
    ]');
    perform pymap.sync_client_items(2, 'emby', '[
        {"itemId": "p", "type": "movie", "title": "Der Pate", "year": 1972, "externalIds": {"imdb": "tt0068646", "tmdb": 238}}
    ]');
    perform pymap.link_client_item(pymap.get_media_item_by_client_id(1, 'g'), 2, 'emby', 'linked');
    perform pymap.sync_client_items(7, 'kodi', '[{"itemId": "1", "type": "movie", "title": "The Godfather", "year": 1972}]', p_tenant_id => 1);
end
$$;
create function pg_temp.item(p_client_item_id text) returns bigint language sql as $$
    select c.media_item_id from pymap.client_items as c where c.tenant_id = 0 and c.client_item_id = p_client_item_id
$$;
insert into pymap.media_items (id, type, title, merged_into) values (900000001, 'movie', 'Godfather', pg_temp.item('g'));

select results_eq(
    $$
        select client_id, client_type, client_item_id, is_told, title, release_year, external_ids, path_key
        from pymap.get_told_items(p_media_item_ids => array[pg_temp.item('g')], p_tenant_id => 0)
    $$,
    $$
        values (1::bigint, 'plex', 'g', true, 'The Godfather', 1972, '{"imdb": ["tt0068646"]}'::jsonb, 'godfather/the godfather (1972)'),
               (2, 'emby', 'linked', false, null, null, '{}', null),
               (2, 'emby', 'p', true, 'Der Pate', 1972, '{"imdb": ["tt0068646"], "tmdb": ["238"]}', null)
    $$,
    'What each client told of its own, in the order of clients and IDs; arguments by name'
);
select results_eq(
    $$select evidence, weight, comparisons from pymap.get_told_items(array[pg_temp.item('p')]) where client_item_id = 'p'$$,
    $$select evidence, weight, comparisons from pymap.get_mapping_evidence(2) where client_item_id = 'p'$$, 'Why it was matched'
);
select is((select evidence from pymap.get_told_items(array[pg_temp.item('p')]) where client_item_id = 'p'), 'external_ids', 'By an external ID');
select results_eq(
    $$select parent_item_id, parent_number, number from pymap.get_told_items(array[pg_temp.item('e')])$$, $$values ('s', 1, 2)$$, 'The parent and the place, as the client told them'
);
select results_eq(
    $$select media_item_id, client_item_id from pymap.get_told_items(array[pg_temp.item('e'), pg_temp.item('s'), 999999999])$$,
    $$select c.media_item_id, c.client_item_id collate "default" from pymap.client_items as c where c.tenant_id = 0 and c.client_item_id in ('e', 's') order by 1$$, 'Of several media items'
);
select is_empty('select from pymap.get_told_items(array[900000001])', 'One that was merged has none');
select is_empty($$select from pymap.get_told_items(array[pg_temp.item('g')], 1)$$, 'Another tenant has none of them');
select matches(helpers.refusal('select * from pymap.get_told_items(null)'), '^22023\|p_media_item_ids is NULL\.\|.+', 'Refused: no array');
select matches(helpers.refusal($$select * from pymap.get_told_items('{1}', null)$$), '^22023\|p_tenant_id is NULL\.\|.+', 'Refused: no tenant');

select * from finish();

rollback;
