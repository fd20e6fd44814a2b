create or replace function pymap._remove_external_ids()
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
            select n.tenant_id, n.id, n.type, n.external_ids from new_rows as n
            except
            select o.tenant_id, o.id, o.type, o.external_ids from old_rows as o
        ) then
            return null;
        end if;
    end if;

    -- By row address and offset 0: one index probe for each external ID that is gone.
    delete from pymap.external_ids as h
    where h.ctid = any (array(
        select d.ctid
        from (
            select o.tenant_id, e.element ->> 'source' as source, e.element ->> 'id' as external_id,
                   o.type as media_type, o.id as media_item_id
            from old_rows as o, jsonb_array_elements(o.external_ids) as e (element)
            except
            select i.tenant_id, e.element ->> 'source', e.element ->> 'id', i.type, i.id
            from old_rows as o
            cross join lateral (
                select x.* from pymap.media_items as x where x.tenant_id = o.tenant_id and x.id = o.id offset 0
            ) as i,
                 jsonb_array_elements(i.external_ids) as e (element)
        ) as gone
        cross join lateral (
            select x.ctid
            from pymap.external_ids as x
            where x.tenant_id = gone.tenant_id
              and x.source = gone.source
              and x.external_id = gone.external_id
              and x.media_type = gone.media_type
              and x.media_item_id = gone.media_item_id
            offset 0
        ) as d
    ));
    return null;
end
$function$;

comment on function pymap._remove_external_ids() is
'Trigger. Takes away the lookup rows of external IDs that the written media items no longer have.';

revoke all on function pymap._remove_external_ids() from public;

create or replace trigger media_items_3_remove_external_ids_on_delete
after delete on pymap.media_items
referencing old table as old_rows
for each statement execute function pymap._remove_external_ids();

create or replace trigger media_items_3_remove_external_ids_on_update
after update on pymap.media_items
referencing old table as old_rows new table as new_rows
for each statement execute function pymap._remove_external_ids();
