begin;

select plan(18);

insert into pymap.media_items (tenant_id, id, type, sync_clients) values
    (0, 900000001, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]');
insert into pymap.media_items (tenant_id, id, type, sync_clients) values
    (0, 900000002, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "b"}]'),
    (0, 900000003, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "c"}]'),
    (0, 900000004, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "d"}]'),
    (1, 900000005, 'movie', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]');
do $$
begin
    perform pymap.undo(pymap.mark_distinct(900000001, 900000003));
    perform pymap.merge_media_items(900000001, 900000002);
    perform set_config('pymap.actor', 'me', true);
    perform pymap.link_client_item(900000001, 2, 'emby', 'x');
    delete from pymap.media_items where id = 900000004;
end
$$;
-- An event with the last digits of the media items.
create function pg_temp.history(p_media_item_id bigint, p_limit integer default 100, p_tenant_id bigint default 0) returns setof text language sql as $$
    select concat_ws(
        ' ', h.kind, h.client_id || '/' || h.client_item_id, h.media_type, format('%s>%s', right(h.media_item_before::text, 1), right(h.media_item_after::text, 1)),
        h.evidence, 'undoes ' || u.kind, 'undone by ' || b.kind, case h.actor when 'me' then 'me' end
    ) collate "default"
    from pymap.history(p_media_item_id, p_limit, p_tenant_id) with ordinality as h (
        event_id, happened_at, actor, kind, client_id, client_item_id, media_type, media_item_before, media_item_after, evidence, weight, comparisons, undoes, undone_by, n
    )
    left join pymap.mapping_events as u on u.id = h.undoes
    left join pymap.mapping_events as b on b.id = h.undone_by
    order by h.n
$$;

select results_eq(
    'select pg_temp.history(900000001)',
    $$
        values ('mapped 2/x movie >1 me'), ('moved 1/b movie 2>1 merge'), ('merged movie 2>1 manual'), ('undone movie 3>1 undo undoes distinct'),
               ('distinct movie 1>3 manual undone by undone'), ('mapped 1/b movie >2'), ('mapped 1/a movie >1')
    $$,
    'What happened to a media item and to those that were merged into it, the newest first; events of the own transaction too'
);
select results_eq(
    'select pg_temp.history(900000002)', $$values ('moved 1/b movie 2>1 merge'), ('merged movie 2>1 manual'), ('mapped 1/b movie >2')$$,
    'Of one that was merged what happened to itself'
);
select results_eq('select pg_temp.history(900000001, 2)', $$values ('mapped 2/x movie >1 me'), ('moved 1/b movie 2>1 merge')$$, 'The newest two');
select results_eq('select pg_temp.history(900000004)', $$values ('unmapped 1/d movie 4> me'), ('mapped 1/d movie >4')$$, 'History stays when a media item goes');
select results_eq('select pg_temp.history(900000005, 100, 1)', $$values ('mapped 1/a movie >5')$$, 'In another tenant');
select is_empty('select pg_temp.history(900000005)', 'Nothing of a media item of another tenant');
select is_empty('select pg_temp.history(900000001, 100, 1)', 'Nor in another tenant');
select is_empty('select pg_temp.history(999999999)', 'Nor of one that never was');
select is_empty('select pg_temp.history(null)', 'Nor of NULL');
select results_eq(
    'select happened_at, event_id in (select id from pymap.mapping_events) from pymap.history(p_limit => 1, p_tenant_id => 0, p_media_item_id => 900000001)',
    'select now(), true', 'With time and ID; arguments by name'
);
select is(
    (select pymap.undo(h.event_id) > h.event_id from pymap.history(900000001, 1) as h), true, 'The ID is that for undo'
);
select is(
    (select h.undone_by from pymap.history(900000001) as h where h.client_item_id = 'x' and h.kind = 'mapped'),
    (select max(e.id) from pymap.mapping_events as e where e.kind = 'undone'), 'What was undone names the event that did it'
);
select lives_ok($$select pymap.sync_client_items(3, 'kodi', '[{"itemId": "k", "type": "movie", "title": "Arrival", "year": 2016}]')$$, 'A sync');
select lives_ok($$select pymap.sync_client_items(4, 'jellyfin', '[{"itemId": "j", "type": "movie", "title": "Arrival", "year": 2016}]')$$, 'Another one');
select results_eq(
    $$select client_item_id collate "default", evidence collate "default", weight, comparisons from pymap.history(pymap.get_media_item_by_client_id(3, 'k'))$$,
    $$values ('j', 'title', 10, '{"title": 7, "year": 3}'::jsonb), ('k', null, null, null)$$, 'With its evidence, weight and comparisons'
);
select matches(helpers.refusal(format('select * from pymap.history(900000001, %s)', b.most)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('0', '^22023\|p_limit is ''0''\.\|.+', 'no events'), ('-1', '^22023\|p_limit is ''-1''\.\|.+', 'less than that'),
    ('null', '^22023\|p_limit is NULL\.\|.+', 'as many as you like')
) as b (most, refusal, problem);

select * from finish();

rollback;
