create or replace function pymap._keep_in_step()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_mappings pymap.mapping_change[];
    v_rivals pymap.mapping_change[];
    v_external_ids pymap.external_id_change[];
    v_told jsonb;
begin
    if tg_op = 'INSERT' then
        select array_agg((n.tenant_id, (c.element ->> 'clientId')::bigint, c.element ->> 'itemId', n.type, null, n.id,
                          c.element ->> 'clientType', null, null)::pymap.mapping_change)
        into v_mappings
        from new_rows as n, jsonb_array_elements(n.sync_clients) as c (element);

        select array_agg((n.tenant_id, e.element ->> 'source', e.element ->> 'id', n.type, n.id, false)::pymap.external_id_change)
        into v_external_ids
        from new_rows as n, jsonb_array_elements(n.external_ids) as e (element);
    elsif tg_op = 'DELETE' then
        select array_agg((o.tenant_id, (c.element ->> 'clientId')::bigint, c.element ->> 'itemId', o.type, o.id, null,
                          c.element ->> 'clientType', c.element, c.position)::pymap.mapping_change)
        into v_mappings
        from old_rows as o, jsonb_array_elements(o.sync_clients) with ordinality as c (element, position);

        select array_agg((o.tenant_id, e.element ->> 'source', e.element ->> 'id', o.type, o.id, true)::pymap.external_id_change)
        into v_external_ids
        from old_rows as o, jsonb_array_elements(o.external_ids) as e (element);
    elsif exists (
        select n.tenant_id, n.id, n.type, n.sync_clients, n.external_ids from new_rows as n
        except
        select o.tenant_id, o.id, o.type, o.sync_clients, o.external_ids from old_rows as o
    ) then
        -- Grouped, not joined: a plan that was cached for one row must not compare every old row with every new one.
        -- Two media items that claim one mapping both turn up as new claims: the second one is refused.
        select array_agg((m.tenant_id, m.client_id, m.client_item_id, m.media_type,
                          case when m.after <> m.other_after then null else m.before end,
                          m.after, m.client_type, m.old_element, m.old_position)::pymap.mapping_change),
               array_agg((m.tenant_id, m.client_id, m.client_item_id, m.media_type, null, m.other_after, m.client_type, null,
                          null)::pymap.mapping_change) filter (where m.after <> m.other_after)
        into v_mappings, v_rivals
        from (
            select v.tenant_id, (v.element ->> 'clientId')::bigint as client_id,
                   v.element ->> 'itemId' collate "C" as client_item_id,
                   v.media_type, min(v.before) as before, min(v.after) as after,
                   max(v.after) as other_after, min(v.element ->> 'clientType') as client_type,
                   (array_agg(v.element) filter (where v.before is not null))[1] as old_element,
                   min(v.position) as old_position
            from (
                select o.tenant_id, o.type as media_type, o.id as before, null as after, c.element, c.position
                from old_rows as o, jsonb_array_elements(o.sync_clients) with ordinality as c (element, position)
                union all
                select n.tenant_id, n.type, null, n.id, c.element, null
                from new_rows as n, jsonb_array_elements(n.sync_clients) as c (element)
            ) as v
            group by 1, 2, 3, 4
            having min(v.before) is distinct from min(v.after)
                   or min(v.after) <> max(v.after)
        ) as m;
        v_mappings := v_mappings || v_rivals;

        select array_agg((d.tenant_id, d.source, d.external_id, d.media_type, d.media_item_id, d.is_gone)::pymap.external_id_change)
        into v_external_ids
        from (
            select v.tenant_id, v.element ->> 'source' collate "C" as source, v.element ->> 'id' collate "C" as external_id,
                   v.media_type, v.media_item_id, bool_and(v.is_old) as is_gone
            from (
                select o.tenant_id, o.type as media_type, o.id as media_item_id, e.element, true as is_old
                from old_rows as o, jsonb_array_elements(o.external_ids) as e (element)
                union all
                select n.tenant_id, n.type, n.id, e.element, false
                from new_rows as n, jsonb_array_elements(n.external_ids) as e (element)
            ) as v
            group by 1, 2, 3, 4, 5
            having bool_and(v.is_old) = bool_or(v.is_old)
        ) as d;
    end if;

    -- Locks are taken in one order everywhere: mappings, external IDs, clients.
    if v_mappings is not null then
        v_told := pymap._write_mapping_changes(v_mappings);
    end if;
    if v_external_ids is not null then
        perform pymap._write_external_id_changes(v_external_ids);
    end if;
    if v_mappings is not null then
        perform pymap._register_client(c.client_id, c.client_type, c.tenant_id)
        from (
            select distinct m.tenant_id, m.client_id, m.client_type
            from unnest(v_mappings) as m
            where m.media_item_after is not null
            order by 1, 2
        ) as c;
        perform pymap._note_mapping_changes(v_mappings, v_told);
    end if;
    return null;
end
$function$;

comment on function pymap._keep_in_step() is
'Trigger. Keeps mappings, external IDs and clients in step with the arrays of the written media items. Writes an event '
'for every mapping that was added, removed or moved. Errors: PM001 for a mapping that another item has, PM003 for a '
'client of another type, 40001 for a mapping that another session has just taken.';

revoke all on function pymap._keep_in_step() from public;

-- Triggers fire in the order of their names.
create or replace trigger media_items_1_keep_in_step_on_insert
after insert on pymap.media_items
referencing new table as new_rows
for each statement execute function pymap._keep_in_step();

create or replace trigger media_items_1_keep_in_step_on_update
after update on pymap.media_items
referencing old table as old_rows new table as new_rows
for each statement execute function pymap._keep_in_step();

create or replace trigger media_items_1_keep_in_step_on_delete
after delete on pymap.media_items
referencing old table as old_rows
for each statement execute function pymap._keep_in_step();
