begin;

select plan(10);

insert into pymap.media_items (tenant_id, id, type, merged_into) values
    (0, 900000001, 'movie', null), (0, 900000002, 'movie', 900000001), (0, 900000003, 'movie', 900000001), (1, 900000004, 'movie', null);

select is(pymap.resolve_media_item(i.id), i.resolved, i.description)
from (values
    (900000001, 900000001::bigint, 'A media item stands for itself'), (900000002, 900000001, 'A merged one for the one into which it was merged'),
    (900000003, 900000001, 'Several may have been merged into one')
) as i (id, resolved, description);
select is(pymap.resolve_media_item(p_tenant_id => 1, p_media_item_id => 900000004), 900000004::bigint, 'Arguments by name, in another tenant');
select matches(helpers.refusal(format('select pymap.resolve_media_item(%s)', b.arguments)), '^P0002\|.*' || b.detail || '.*\|.+', 'P0002 with DETAIL and HINT: ' || b.problem)
from (values
    ('999999999', 'p_media_item_id is 999999999', 'a media item that does not exist'), ('null', 'p_media_item_id is NULL', 'NULL'),
    ('900000004', 'p_tenant_id is 0', 'a media item of another tenant'), ('900000001, 1', 'p_tenant_id is 1', 'in another tenant')
) as b (arguments, detail, problem);

-- What a sync merges

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[{"itemId": "a", "type": "movie", "externalIds": {"tmdb": "1"}}]');
    perform pymap.sync_client_items(2, 'emby', '[{"itemId": "b", "type": "movie", "externalIds": {"imdb": "2"}}]');
end
$$;
create temporary table before_merge as select pymap.get_media_item_by_client_id(1, 'a') as a, pymap.get_media_item_by_client_id(2, 'b') as b;
do $$ begin perform pymap.sync_client_items(3, 'kodi', '[{"itemId": "c", "type": "movie", "externalIds": {"tmdb": "1", "imdb": "2"}}]'); end $$;
select results_eq('select pymap.resolve_media_item(a), pymap.resolve_media_item(b) from before_merge', 'select a, a from before_merge', 'What a sync merges resolves to the older media item');
select is((select b <> a from before_merge), true, 'Which were two before');

select * from finish();

rollback;
