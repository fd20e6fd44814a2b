create or replace function pymap._note_mapping_changes(p_changes pymap.mapping_change[], p_told jsonb)
returns void
language plpgsql
as $function$
begin
    -- Materialised: opened once for each tenant, whatever plan was cached.
    with tenants as materialized (
        select d.tenant_id, e.epoch, e.system_identifier, e.feed_position
        from (select distinct m.tenant_id from unnest(p_changes) as m) as d
        cross join lateral pymap._open_events(d.tenant_id) as e
    )
    insert into pymap.mapping_events (
        tenant_id, epoch, system_identifier, position, kind, client_id, client_item_id, media_type, media_item_before,
        media_item_after, evidence, weight, comparisons, details
    )
    select m.tenant_id, t.epoch, t.system_identifier, t.feed_position,
           case
               when m.media_item_before is null then 'mapped' when m.media_item_after is null then 'unmapped' else 'moved'
           end,
           m.client_id, m.client_item_id, m.media_type, m.media_item_before, m.media_item_after,
           c.evidence, c.weight, c.comparisons,
           case
               when m.media_item_before is not null
               then jsonb_strip_nulls(jsonb_build_object(
                   'sync_client', m.old_element, 'position', m.old_position, 'told', g.told
               ))
           end
    from unnest(p_changes) as m
    join tenants as t on t.tenant_id = m.tenant_id
    left join pymap.client_items as c
        on c.tenant_id = m.tenant_id
        and c.client_id = m.client_id
        and c.client_item_id = m.client_item_id
        and c.media_type = m.media_type
        and c.media_item_id = m.media_item_after
    left join (
        select t.told, (t.told ->> 'tenant_id')::bigint as tenant_id, (t.told ->> 'client_id')::bigint as client_id,
               t.told ->> 'client_item_id' as client_item_id, t.told ->> 'media_type' as media_type
        from jsonb_array_elements(p_told) as t (told)
    ) as g
        on m.media_item_after is null
        and g.tenant_id = m.tenant_id
        and g.client_id = m.client_id
        and g.client_item_id = m.client_item_id
        and g.media_type = m.media_type;
end
$function$;

comment on function pymap._note_mapping_changes(pymap.mapping_change[], jsonb) is
'Private. Writes an event for every mapping that came, went, or went over to another media item, with the evidence that '
'stands with the mapping. p_told: what was told of those that are gone.';

revoke all on function pymap._note_mapping_changes(pymap.mapping_change[], jsonb) from public;
