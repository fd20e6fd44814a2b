begin;

select plan(5);

create function pg_temp.stats(p_tenant_id bigint) returns setof text language sql as $$
    select concat_ws(' ', s.statistic, s.client_id, s.client_type, s.media_type, s.count) collate "default"
    from pymap.stats(p_tenant_id) with ordinality as s (statistic, client_id, client_type, media_type, count, n)
    order by s.n
$$;

select results_eq(
    'select pg_temp.stats(0)', $$values ('distinct_pairs 0'), ('events 0'), ('review_candidates 0')$$, 'Nothing in an empty database'
);

insert into pymap.media_items (tenant_id, id, type, title, release_year, sync_clients, external_ids) values
    (
        0, 900000001, 'movie', 'X', 1999,
        '[{"clientId": 1, "clientType": "plex", "itemId": "a"}, {"clientId": 1, "clientType": "plex", "itemId": "b"},
          {"clientId": 2, "clientType": "emby", "itemId": "a"}]',
        '[{"source": "imdb", "id": "1"}, {"source": "tmdb", "id": "2"}]'
    ),
    (0, 900000002, 'movie', 'X', 1999, '[]', '[{"source": "imdb", "id": "1"}]'),
    (0, 900000003, 'series', null, null, '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]', '[{"source": "imdb", "id": "1"}]'),
    (0, 900000004, 'movie', null, null, '[{"clientId": 9, "clientType": "kodi", "itemId": "z"}]', '[]'),
    (1, 900000005, 'photo', null, null, '[{"clientId": 1, "clientType": "jellyfin", "itemId": "f27caa37e5142225ccebded48f6553a2"}]', '[{"source": "imdb", "id": "1"}]');
do $$
begin
    perform pymap.unlink_client_item(9, 'z');
    perform pymap.sync_client_items(10, 'emby', '[{"itemId": "n", "type": "movie", "title": "X", "year": 1999}]');
    perform pymap.mark_distinct(900000001, 900000003);
    perform pymap.merge_media_items(900000001, 900000004);
end
$$;
select results_eq(
    'select pg_temp.stats(0)',
    $$
        values ('distinct_pairs 1'), ('events 9'), ('external_ids movie 3'), ('external_ids series 1'), ('mappings 1 plex movie 2'),
               ('mappings 1 plex series 1'), ('mappings 2 emby movie 1'), ('mappings 9 kodi 0'), ('mappings 10 emby movie 1'),
               ('media_items movie 3'), ('media_items series 1'), ('redirects movie 1'), ('review_candidates 2')
    $$,
    'How much there is of everything'
);
select results_eq(
    'select pg_temp.stats(1)',
    $$
        values ('distinct_pairs 0'), ('events 1'), ('external_ids photo 1'), ('mappings 1 jellyfin photo 1'), ('media_items photo 1'),
               ('review_candidates 0')
    $$,
    'In another tenant'
);
select is((select count(*) from pymap.stats(p_tenant_id => 2)), 3::bigint, 'In a tenant without anything; argument by name');
do $$ begin perform pymap.mark_distinct(pymap.get_media_item_by_client_id(10, 'n'), 900000002); end $$;
select is((select count from pymap.stats() where statistic = 'review_candidates'), 1::bigint, 'A review that is answered counts no more');

select * from finish();

rollback;
