create or replace function pymap._register_clients()
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

    perform pymap._register_client(c.client_id, c.client_type, c.tenant_id)
    from (
        select distinct n.tenant_id, (e.element ->> 'clientId')::bigint as client_id,
               e.element ->> 'clientType' as client_type
        from new_rows as n, jsonb_array_elements(n.sync_clients) as e (element)
        order by 1, 2
    ) as c;
    return null;
end
$function$;

comment on function pymap._register_clients() is
'Trigger. Remembers the clients of the written media items. Errors: PM003 for a client of another type.';

revoke all on function pymap._register_clients() from public;

create or replace trigger media_items_5_register_clients_on_insert
after insert on pymap.media_items
referencing new table as new_rows
for each statement execute function pymap._register_clients();

create or replace trigger media_items_5_register_clients_on_update
after update on pymap.media_items
referencing old table as old_rows new table as new_rows
for each statement execute function pymap._register_clients();
