create or replace function pymap._add_mappings()
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
declare
    v_missing bigint;
    v_added bigint;
    v_held bigint;
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

    -- Ordered by key, so that concurrent statements wait for each other instead of deadlocking.
    with wanted as (
        select n.tenant_id, (c.element ->> 'clientId')::bigint as client_id, c.element ->> 'itemId' as client_item_id,
               n.type as media_type, n.id as media_item_id
        from new_rows as n, jsonb_array_elements(n.sync_clients) as c (element)
    ),
    missing as (
        select w.*, h.media_item_id as holder_id
        from wanted as w
        left join lateral (
            select m.media_item_id
            from pymap.mappings as m
            where m.tenant_id = w.tenant_id
              and m.client_id = w.client_id
              and m.client_item_id = w.client_item_id
              and m.media_type = w.media_type
            offset 0
        ) as h on true
        where h.media_item_id is distinct from w.media_item_id
        order by w.tenant_id, w.client_id, w.client_item_id collate "C", w.media_type
    ),
    added as (
        insert into pymap.mappings (tenant_id, client_id, client_item_id, media_type, media_item_id)
        select m.tenant_id, m.client_id, m.client_item_id, m.media_type, m.media_item_id from missing as m
        on conflict do nothing
        returning 1
    )
    select count(*), count(m.holder_id), (select count(*) from added)
    into v_missing, v_held, v_added
    from missing as m;

    -- A snapshot of the whole transaction still shows a holder that another session has taken the mapping from.
    if v_added < v_missing
       or v_held > 0 and current_setting('transaction_isolation') in ('repeatable read', 'serializable')
    then
        perform pymap._mapping_conflict(w.tenant_id, w.client_id, w.client_item_id, w.media_type, w.media_item_id)
        from (
            select n.tenant_id, (c.element ->> 'clientId')::bigint as client_id, c.element ->> 'itemId' as client_item_id,
                   n.type as media_type, n.id as media_item_id
            from new_rows as n, jsonb_array_elements(n.sync_clients) as c (element)
        ) as w;
    end if;
    return null;
end
$function$;

comment on function pymap._add_mappings() is
'Trigger. Gives every mapping of the written media items its lookup row. Errors: PM001 for one that another item has, 40001 for one that '
'another session has just taken from it.';

revoke all on function pymap._add_mappings() from public;

create or replace trigger media_items_2_add_mappings_on_insert
after insert on pymap.media_items
referencing new table as new_rows
for each statement execute function pymap._add_mappings();

create or replace trigger media_items_2_add_mappings_on_update
after update on pymap.media_items
referencing old table as old_rows new table as new_rows
for each statement execute function pymap._add_mappings();
