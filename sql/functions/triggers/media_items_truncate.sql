create or replace function pymap._truncate_lookup()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    insert into pymap.mapping_events (
        tenant_id, epoch, system_identifier, position, kind, client_id, client_item_id, media_type, media_item_before,
        details
    )
    select m.tenant_id, t.epoch, t.system_identifier, t.feed_position, 'unmapped', m.client_id, m.client_item_id,
           m.media_type, m.media_item_id,
           jsonb_build_object('sync_client', jsonb_build_object(
               'clientId', m.client_id, 'clientType', c.client_type, 'itemId', m.client_item_id
           ))
    from pymap.client_items as m
    join pymap.clients as c on c.tenant_id = m.tenant_id and c.client_id = m.client_id
    join (
        select d.tenant_id, o.epoch, o.system_identifier, o.feed_position
        from (select distinct r.tenant_id from pymap.clients as r) as d
        cross join lateral pymap._open_events(d.tenant_id) as o
    ) as t on t.tenant_id = m.tenant_id;

    truncate pymap.client_items, pymap.external_ids, pymap.clients, pymap.review_candidates, pymap.distinct_pairs;
    return null;
end
$function$;

comment on function pymap._truncate_lookup() is
'Trigger. Empties the lookup tables together with media_items. Events record what was there.';

revoke all on function pymap._truncate_lookup() from public;

create or replace trigger media_items_truncate
after truncate on pymap.media_items
for each statement execute function pymap._truncate_lookup();
