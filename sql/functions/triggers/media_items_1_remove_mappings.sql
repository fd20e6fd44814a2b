create or replace function pymap._remove_mappings()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- A plan that was cached for a bulk write must not scan whole tables for the next single row.
set enable_seqscan = off
set jit = off
set enable_hashjoin = off
set enable_mergejoin = off
as $function$
begin
    if tg_op = 'UPDATE' then
        if not exists (
            select n.tenant_id, n.id, n.type, n.sync_clients from new_rows as n
            except
            select o.tenant_id, o.id, o.type, o.sync_clients from old_rows as o
        ) then
            return null;
        end if;
    end if;

    -- By row address and offset 0: one index probe for each mapping that is gone.
    delete from pymap.mappings as m
    where m.ctid = any (array(
        select d.ctid
        from (
            select o.tenant_id, (c.element ->> 'clientId')::bigint as client_id, c.element ->> 'itemId' as client_item_id,
                   o.type as media_type, o.id as media_item_id
            from old_rows as o, jsonb_array_elements(o.sync_clients) as c (element)
            except
            select i.tenant_id, (c.element ->> 'clientId')::bigint, c.element ->> 'itemId', i.type, i.id
            from old_rows as o
            cross join lateral (
                select x.* from pymap.media_items as x where x.tenant_id = o.tenant_id and x.id = o.id offset 0
            ) as i,
                 jsonb_array_elements(i.sync_clients) as c (element)
        ) as gone
        cross join lateral (
            select x.ctid
            from pymap.mappings as x
            where x.tenant_id = gone.tenant_id
              and x.client_id = gone.client_id
              and x.client_item_id = gone.client_item_id
              and x.media_type = gone.media_type
              and x.media_item_id = gone.media_item_id
            offset 0
        ) as d
    ));
    return null;
end
$function$;

comment on function pymap._remove_mappings() is
'Trigger. Takes away the lookup rows of mappings that the written media items no longer have.';

revoke all on function pymap._remove_mappings() from public;

-- Triggers fire in the order of their names. The numbers keep it: what an item gave up is free before another one takes
-- it over, and locks are taken as everywhere (mappings, external IDs, clients).
create or replace trigger media_items_1_remove_mappings_on_delete
after delete on pymap.media_items
referencing old table as old_rows
for each statement execute function pymap._remove_mappings();

create or replace trigger media_items_1_remove_mappings_on_update
after update on pymap.media_items
referencing old table as old_rows new table as new_rows
for each statement execute function pymap._remove_mappings();
