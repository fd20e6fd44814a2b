create or replace function pymap._note_mapping_events()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $function$
declare
    -- What moves mappings without looking at them says so; else the mapping itself tells why it is there.
    v_evidence text := nullif(current_setting('pymap.evidence', true), '');
begin
    -- Materialised: opened once for each tenant, whatever plan was cached.
    if tg_op = 'INSERT' then
        with tenants as materialized (
            select d.tenant_id, e.epoch, e.system_identifier, e.feed_position
            from (select distinct r.tenant_id from new_rows as r where r.sync_clients <> '[]') as d
            cross join lateral pymap._open_events(d.tenant_id) as e
        )
        insert into pymap.mapping_events (
            tenant_id, epoch, system_identifier, position, kind, client_id, client_item_id, media_type, media_item_after,
            evidence
        )
        select n.tenant_id, t.epoch, t.system_identifier, t.feed_position, 'mapped', (c.element ->> 'clientId')::bigint,
               c.element ->> 'itemId', n.type, n.id, left(coalesce(v_evidence, c.element ->> 'evidence'), 100)
        from new_rows as n
        cross join lateral jsonb_array_elements(n.sync_clients) as c (element)
        join tenants as t on t.tenant_id = n.tenant_id;
    elsif tg_op = 'DELETE' then
        with tenants as materialized (
            select d.tenant_id, e.epoch, e.system_identifier, e.feed_position
            from (select distinct r.tenant_id from old_rows as r where r.sync_clients <> '[]') as d
            cross join lateral pymap._open_events(d.tenant_id) as e
        )
        insert into pymap.mapping_events (
            tenant_id, epoch, system_identifier, position, kind, client_id, client_item_id, media_type, media_item_before,
            evidence, details
        )
        select o.tenant_id, t.epoch, t.system_identifier, t.feed_position, 'unmapped', (c.element ->> 'clientId')::bigint,
               c.element ->> 'itemId', o.type, o.id, v_evidence, jsonb_build_object('sync_client', c.element)
        from old_rows as o
        cross join lateral jsonb_array_elements(o.sync_clients) as c (element)
        join tenants as t on t.tenant_id = o.tenant_id;
    elsif exists (
        select n.tenant_id, n.id, n.type, n.sync_clients from new_rows as n
        except
        select o.tenant_id, o.id, o.type, o.sync_clients from old_rows as o
    ) then
        with tenants as materialized (
            select d.tenant_id, e.epoch, e.system_identifier, e.feed_position
            from (select distinct r.tenant_id from new_rows as r) as d
            cross join lateral pymap._open_events(d.tenant_id) as e
        )
        insert into pymap.mapping_events (
            tenant_id, epoch, system_identifier, position, kind, client_id, client_item_id, media_type, media_item_before,
            media_item_after, evidence, details
        )
        select m.tenant_id, t.epoch, t.system_identifier, t.feed_position,
               case when m.before is null then 'mapped' when m.after is null then 'unmapped' else 'moved' end,
               m.client_id, m.client_item_id, m.media_type, m.before, m.after,
               left(coalesce(v_evidence, m.new_element ->> 'evidence'), 100),
               case
                   when m.before is not null
                   then jsonb_build_object('sync_client', m.old_element, 'position', m.old_position)
               end
        from (
            select v.tenant_id, (v.element ->> 'clientId')::bigint as client_id, v.element ->> 'itemId' as client_item_id,
                   v.media_type, max(v.before) as before, max(v.after) as after,
                   jsonb_agg(v.element) filter (where v.before is not null) -> 0 as old_element,
                   min(v.position) as old_position,
                   jsonb_agg(v.element) filter (where v.after is not null) -> 0 as new_element
            from (
                select o.tenant_id, o.type as media_type, o.id as before, null as after, c.element, c.position
                from old_rows as o, jsonb_array_elements(o.sync_clients) with ordinality as c (element, position)
                union all
                select n.tenant_id, n.type, null, n.id, c.element, null
                from new_rows as n, jsonb_array_elements(n.sync_clients) as c (element)
            ) as v
            group by 1, 2, 3, 4
            having max(v.before) is distinct from max(v.after)
        ) as m
        join tenants as t on t.tenant_id = m.tenant_id;
    end if;
    return null;
end
$function$;

comment on function pymap._note_mapping_events() is
'Trigger. Writes an event for every mapping that came, went, or went over to another media item.';

revoke all on function pymap._note_mapping_events() from public;

create or replace trigger media_items_7_note_events_on_insert
after insert on pymap.media_items
referencing new table as new_rows
for each statement execute function pymap._note_mapping_events();

create or replace trigger media_items_7_note_events_on_update
after update on pymap.media_items
referencing old table as old_rows new table as new_rows
for each statement execute function pymap._note_mapping_events();

create or replace trigger media_items_7_note_events_on_delete
after delete on pymap.media_items
referencing old table as old_rows
for each statement execute function pymap._note_mapping_events();
