create or replace function pymap._add_external_ids()
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

    with wanted as (
        select distinct n.tenant_id, e.element ->> 'source' as source, e.element ->> 'id' as external_id,
               n.type as media_type, n.id as media_item_id
        from new_rows as n, jsonb_array_elements(n.external_ids) as e (element)
    ),
    missing as (
        select w.*
        from wanted as w
        where (
            select x.media_item_id
            from pymap.external_ids as x
            where x.tenant_id = w.tenant_id
              and x.source = w.source
              and x.external_id = w.external_id
              and x.media_type = w.media_type
              and x.media_item_id = w.media_item_id
            limit 1
        ) is null
        order by w.tenant_id, w.source collate "C", w.external_id collate "C", w.media_type, w.media_item_id
    ),
    first_claims as (
        insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
        select m.tenant_id, m.source, m.external_id, m.media_type, 0, m.media_item_id
        from missing as m
        on conflict do nothing
        returning tenant_id, source, external_id, media_type, media_item_id
    )
    insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
    select l.tenant_id, l.source, l.external_id, l.media_type, l.media_item_id, l.media_item_id
    from (select * from missing except select * from first_claims) as l
    order by 1, 2, 3, 4, 5
    on conflict do nothing;
    return null;
end
$function$;

comment on function pymap._add_external_ids() is
'Trigger. Gives every external ID of the written media items its lookup row.';

revoke all on function pymap._add_external_ids() from public;

create or replace trigger media_items_4_add_external_ids_on_insert
after insert on pymap.media_items
referencing new table as new_rows
for each statement execute function pymap._add_external_ids();

create or replace trigger media_items_4_add_external_ids_on_update
after update on pymap.media_items
referencing old table as old_rows new table as new_rows
for each statement execute function pymap._add_external_ids();
