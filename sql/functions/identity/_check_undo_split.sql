create or replace function pymap._check_undo_split(p_event pymap.event)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_item_id constant bigint := p_event.media_item_before;
    v_new_id constant bigint := p_event.media_item_after;
    v_reason text;
begin
    select r.reason
    into v_reason
    from (
        select 1 as turn, format('Media item %s does not exist any more.', a.id) as reason
        from (values (v_item_id), (v_new_id)) as a (id)
        where not exists (
            select from pymap.media_items as i where i.tenant_id = p_event.tenant_id and i.id = a.id
        )
        union all
        select 2, format('Media item %s was merged into %s later.', i.id, i.merged_into)
        from pymap.media_items as i
        where i.tenant_id = p_event.tenant_id and i.id in (v_item_id, v_new_id) and i.merged_into is not null
        union all
        select 3, format('Media item %s has other mappings than it was made with: %s.', i.id, i.sync_clients)
        from pymap.media_items as i
        where i.tenant_id = p_event.tenant_id
          and i.id = v_new_id
          and (
              pymap._without_elements(i.sync_clients, p_event.details -> 'sync_clients', 'clientId', 'itemId') <> '[]'
              or pymap._without_elements(p_event.details -> 'sync_clients', i.sync_clients, 'clientId', 'itemId') <> '[]'
          )
        union all
        select 4, format('Media item %s is part of media item %s.', min(i.id), v_new_id)
        from pymap.media_items as i
        where i.tenant_id = p_event.tenant_id and i.parent_id = v_new_id
        having count(*) > 0
        union all
        select 5, format('Media item %s was merged into media item %s.', min(i.id), v_new_id)
        from pymap.media_items as i
        where i.tenant_id = p_event.tenant_id and i.merged_into = v_new_id
        having count(*) > 0
        union all
        select 6, format('Media item %s has data of the application in column data.', i.id)
        from pymap.media_items as i
        where i.tenant_id = p_event.tenant_id and i.id = v_new_id and i.data <> '{}'
        union all
        select 7, format('Media items %s and %s are marked as distinct.', p.media_item_id, p.other_id)
        from pymap._distinct_pairs_of(v_new_id, p_event.tenant_id) as p
        where v_item_id not in (p.media_item_id, p.other_id)
    ) as r
    order by r.turn, r.reason
    limit 1;
    if found then
        perform pymap._refuse_undo(p_event.id, v_reason);
    end if;
end
$function$;

comment on function pymap._check_undo_split(pymap.event) is
'Private. Raises PM005 with the first reason why a split cannot be undone.';

revoke all on function pymap._check_undo_split(pymap.event) from public;
