create or replace function pymap._check_undo_merge(p_event pymap.event)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_reason text;
begin
    select r.reason
    into v_reason
    from (
        select 1 as turn, format('Media item %s does not exist any more.', a.id) as reason
        from (values (p_event.media_item_before), (p_event.media_item_after)) as a (id)
        where not exists (
            select from pymap.media_items as i where i.tenant_id = p_event.tenant_id and i.id = a.id
        )
        union all
        select 2, format('Event %s merged media item %s into %s later.', e.id, e.media_item_before, e.media_item_after)
        from (
            select o.*
            from pymap.mapping_events as o
            where o.tenant_id = p_event.tenant_id and o.media_item_before = p_event.media_item_after
            union all
            select o.*
            from pymap.mapping_events as o
            where o.tenant_id = p_event.tenant_id and o.media_item_after = p_event.media_item_after
        ) as e
        where e.kind = 'merged'
          and e.id > p_event.id
          and not exists (
              select from pymap.mapping_events as u where u.tenant_id = p_event.tenant_id and u.undoes = e.id
          )
        union all
        select 3, format('Media item %s is not merged into %s any more.', i.id, p_event.media_item_after)
        from pymap.media_items as i
        where i.tenant_id = p_event.tenant_id
          and i.id = p_event.media_item_before
          and i.merged_into is distinct from p_event.media_item_after
        union all
        select 4, format(
                   'Item ID %L of client %s is not mapped to media item %s any more%s.',
                   m.element ->> 'itemId', m.element ->> 'clientId', p_event.media_item_after,
                   (
                       select ': event ' || max(e.id)
                       from pymap.mapping_events as e
                       where e.tenant_id = p_event.tenant_id
                         and e.media_item_before = p_event.media_item_after
                         and e.client_id = (m.element ->> 'clientId')::bigint
                         and e.client_item_id = m.element ->> 'itemId'
                   )
               )
        from jsonb_array_elements(p_event.details -> 'sync_clients') as m (element)
        where not exists (
            select
            from pymap.media_items as i, jsonb_array_elements(i.sync_clients) as c (element)
            where i.tenant_id = p_event.tenant_id
              and i.id = p_event.media_item_after
              and c.element -> 'clientId' = m.element -> 'clientId'
              and c.element -> 'itemId' = m.element -> 'itemId'
        )
        union all
        select 5, format('Media item %s is not part of media item %s any more.', i.id, p_event.media_item_after)
        from jsonb_array_elements_text(p_event.details -> 'children') as c (id)
        join pymap.media_items as i on i.tenant_id = p_event.tenant_id and i.id = c.id::bigint
        where i.parent_id is distinct from p_event.media_item_after
          -- A child that was merged together with its parent, for a reason of its own, lives on in the other one.
          and not exists (
              select
              from pymap.mapping_events as e
              where e.tenant_id = p_event.tenant_id
                and e.media_item_before = i.id
                and e.kind = 'merged'
                and e.epoch = p_event.epoch
                and e.xid = p_event.xid
                and e.details -> 'batch' = p_event.details -> 'batch'
                and i.merged_into is not null
          )
        union all
        select 6, format('Media item %s is not merged into media item %s any more.', i.id, p_event.media_item_after)
        from jsonb_array_elements_text(p_event.details -> 'redirects') as c (id)
        join pymap.media_items as i on i.tenant_id = p_event.tenant_id and i.id = c.id::bigint
        where i.merged_into is distinct from p_event.media_item_after
        union all
        select 7, format('Event %s split external IDs off media item %s later.', e.id, e.media_item_before)
        from pymap.mapping_events as e
        where e.tenant_id = p_event.tenant_id
          and e.media_item_before = p_event.media_item_after
          and e.kind = 'split'
          and e.id > p_event.id
          and pymap._without_elements(
              e.details -> 'external_ids', p_event.details -> 'external_ids', 'source', 'id'
          ) <> e.details -> 'external_ids'
          and not exists (
              select from pymap.mapping_events as u where u.tenant_id = p_event.tenant_id and u.undoes = e.id
          )
    ) as r
    order by r.turn, r.reason
    limit 1;
    if found then
        perform pymap._refuse_undo(p_event.id, v_reason);
    end if;
end
$function$;

comment on function pymap._check_undo_merge(pymap.event) is
'Private. Raises PM005 with the first reason why a merge cannot be undone.';

revoke all on function pymap._check_undo_merge(pymap.event) from public;
