create or replace function pymap._note_mapping_changes(p_changes pymap.mapping_change[], p_told jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_feed record;
begin
    for v_feed in
        select d.tenant_id, e.epoch, e.system_identifier, e.feed_position
        from (select distinct m.tenant_id from unnest(p_changes) as m) as d
        cross join lateral pymap._open_events(d.tenant_id) as e
    loop
        insert into pymap.mapping_events (
            tenant_id, epoch, system_identifier, position, kind, client_id, client_item_id, media_type, media_item_before,
            media_item_after, evidence, weight, comparisons, details
        )
        select m.tenant_id, v_feed.epoch, v_feed.system_identifier, v_feed.feed_position,
               case
                   when m.media_item_before is null then 'mapped' when m.media_item_after is null then 'unmapped' else 'moved'
               end,
               m.client_id, m.client_item_id, m.media_type, m.media_item_before, m.media_item_after,
               c.evidence, c.weight, c.comparisons,
               case
                   when m.media_item_before is not null
                   then jsonb_build_object('sync_client', m.old_element, 'position', m.old_position)
                        || case when t.told is null then '{}' else jsonb_build_object('told', t.told) end
               end
        from unnest(p_changes) as m
        cross join lateral (
            select case
                when m.media_item_after is null
                then p_told -> concat_ws(' ', m.tenant_id, m.client_id, m.media_type, m.client_item_id)
            end as told
        ) as t
        left join pymap.client_items as c
            on c.tenant_id = m.tenant_id
            and c.client_id = m.client_id
            and c.client_item_id = m.client_item_id
            and c.media_type = m.media_type
            and c.media_item_id = m.media_item_after
        where m.tenant_id = v_feed.tenant_id;
    end loop;
end
$function$;

comment on function pymap._note_mapping_changes(pymap.mapping_change[], jsonb) is
'Private. Writes an event for every mapping that was added, removed or moved to another media item, with the evidence '
'of the mapping. p_told: what was reported of removed mappings.';

revoke all on function pymap._note_mapping_changes(pymap.mapping_change[], jsonb) from public;
