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
    'select client_id, client_type, mappings from pymap.get_clients(p_tenant_id => 0)',
    $$values (1::bigint, 'plex', '{"movie": 1, "series": 1, "episode": 1}'::jsonb), (2, 'emby', '{"movie": 2}')$$, 'Every client, with its mappings by media type; arguments by name'
);
select results_eq('select client_id, mappings from pymap.get_clients(1)', $$values (7::bigint, '{"movie": 1}'::jsonb)$$, 'Of another tenant');
select ok((select bool_and(changed_at between now() and clock_timestamp()) from pymap.get_clients()), 'When a sync last changed something of each');

do $$
begin
    perform pymap.get_or_create_mapping(3, 'subsonic', 't', 'track', 'Time');
    perform pymap.sync_client_items(3, 'subsonic', '[]', p_dry_run => true);
end
$$;
select results_eq('select mappings, changed_at from pymap.get_clients() where client_id = 3', $$values ('{"track": 1}'::jsonb, null::timestamptz)$$, 'Neither a single mapping nor a dry run is one');
do $$ begin perform pymap.sync_client_items(3, 'subsonic', '[{"itemId": "u", "type": "track", "title": "Money"}]', '{}'); end $$;
select isnt((select changed_at from pymap.get_clients() where client_id = 3), null, 'A sync that adds an entry is');
create temporary table synced_before as select changed_at from pymap.get_clients() where client_id = 1;
do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[{"itemId": "g", "type": "movie", "title": "The Godfather", "year": 1972, "externalIds": {"imdb": "tt0068646"}, "path": "/films/The Godfather (1972)/Godfather.mkv"}]', '{movie}');
end
$$;
select is((select c.changed_at from pymap.get_clients() as c where c.client_id = 1), (select b.changed_at from synced_before as b), 'One that changes nothing is not');
do $$ begin perform pymap.unlink_client_item(3, 't'); perform pymap.unlink_client_item(3, 'u'); end $$;
select results_eq('select mappings from pymap.get_clients() where client_id = 3', $$values ('{}'::jsonb)$$, 'One whose last mapping went stays');
do $$ begin perform pymap.remove_client(3); end $$;
select is_empty('select from pymap.get_clients() where client_id = 3', 'One that was removed does not');
select is_empty('select from pymap.get_clients(99)', 'A tenant without clients');
select matches(helpers.refusal('select * from pymap.get_clients(null)'), '^22023\|p_tenant_id is NULL\.\|.+', 'Refused: no tenant');

select * from finish();

rollback;
