create or replace function pymap._add_lookup_rows()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- A plan that was cached for a bulk write must not scan whole tables for the next single row.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $function$
declare
    v_missing bigint;
    v_added bigint;
begin
    -- Ordered by key, so that concurrent statements wait for each other instead of deadlocking.
    with wanted as (
        select n.tenant_id, (c.element ->> 'clientId')::bigint as client_id, c.element ->> 'itemId' as client_item_id,
               n.type as media_type, n.id as media_item_id
        from new_rows as n, jsonb_array_elements(n.sync_clients) as c (element)
    ),
    missing as (
        select w.*
        from wanted as w
        where (
            select m.media_item_id
            from pymap.mappings as m
            where m.tenant_id = w.tenant_id
              and m.client_id = w.client_id
              and m.client_item_id = w.client_item_id
              and m.media_type = w.media_type
        ) is distinct from w.media_item_id
        order by w.tenant_id, w.client_id, w.client_item_id collate "C", w.media_type
    ),
    added as (
        insert into pymap.mappings (tenant_id, client_id, client_item_id, media_type, media_item_id)
        select * from missing
        on conflict do nothing
        returning 1
    )
    select (select count(*) from missing), (select count(*) from added)
    into v_missing, v_added;

    if v_added < v_missing then
        perform pymap._mapping_conflict(w.tenant_id, w.client_id, w.client_item_id, w.media_type, w.media_item_id)
        from (
            select n.tenant_id, (c.element ->> 'clientId')::bigint as client_id, c.element ->> 'itemId' as client_item_id,
                   n.type as media_type, n.id as media_item_id
            from new_rows as n, jsonb_array_elements(n.sync_clients) as c (element)
        ) as w;
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

    perform case
        when v_added > 0 then pymap._register_client(s.client_id, s.client_type, s.tenant_id)
        else pymap._check_client(s.client_id, s.client_type, s.tenant_id)
    end
    from (
        select distinct n.tenant_id, (c.element ->> 'clientId')::bigint as client_id,
               c.element ->> 'clientType' as client_type
        from new_rows as n, jsonb_array_elements(n.sync_clients) as c (element)
        order by 1, 2
    ) as s;
    return null;
end
$function$;

comment on function pymap._add_lookup_rows() is
'Trigger. Gives every mapping and external ID of the written media items its lookup row. '
'Errors: PM001 for a mapping that another item has, PM003 for a client of another type.';

revoke all on function pymap._add_lookup_rows() from public;

create or replace trigger media_items_lookup_insert
after insert on pymap.media_items
referencing new table as new_rows
for each statement execute function pymap._add_lookup_rows();

-- Triggers fire in the order of their names: an item may take over what another one gave up in the same statement.
create or replace trigger media_items_lookup_update_2_add
after update on pymap.media_items
referencing new table as new_rows
for each statement execute function pymap._add_lookup_rows();
