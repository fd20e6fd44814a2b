begin;

select plan(10);

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
    $$select title, media_type, release_year, external_ids, children, merged_into from pymap.get_media_items(p_media_item_ids => array[pg_temp.item('g')], p_tenant_id => 0)$$,
    $$values ('The Godfather', 'movie', 1972, '[{"id": "tt0068646", "source": "imdb"}, {"id": "238", "source": "tmdb"}]'::jsonb, 0::bigint, null::bigint)$$,
    'What is known of a media item; arguments by name'
);
select results_eq(
    $$select title, parent_id, parent_title, parent_number, number from pymap.get_media_items(array[pg_temp.item('e')])$$,
    $$values ('Pilot', pg_temp.item('s'), 'Lost', 1, 2)$$, 'What it is part of, and its place there'
);
select is((select children from pymap.get_media_items(array[pg_temp.item('s')])), 1::bigint, 'How many are part of it');
select results_eq(
    'select media_item_id, merged_into from pymap.get_media_items(array[900000001])', $$values (900000001::bigint, pg_temp.item('g'))$$, 'One that was merged says into which'
);
select results_eq(
    $$select media_item_id from pymap.get_media_items(array[pg_temp.item('e'), 900000001, pg_temp.item('g'), pg_temp.item('g'), 999999999, null])$$,
    $$select i from unnest(array[pg_temp.item('g'), pg_temp.item('e'), 900000001]) as i order by 1$$, 'One row for each that exists, in the order of the IDs'
);
select ok((select created_at <= updated_at from pymap.get_media_items(array[pg_temp.item('g')])), 'When it was made and changed');
select is_empty($$select from pymap.get_media_items('{}')$$, 'Of none: nothing');
select is_empty($$select from pymap.get_media_items(array[pg_temp.item('g')], 1)$$, 'Another tenant has none of them');
select matches(helpers.refusal('select * from pymap.get_media_items(null)'), '^22023\|p_media_item_ids is NULL\.\|.+', 'Refused: no array');
select matches(helpers.refusal($$select * from pymap.get_media_items('{1}', null)$$), '^22023\|p_tenant_id is NULL\.\|.+', 'Refused: no tenant');

select * from finish();

rollback;
