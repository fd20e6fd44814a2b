create or replace function pymap._remove_lookup_rows()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- A plan that was cached for a bulk write must not scan whole tables for the next single row.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $function$
begin
    delete from pymap.mappings as m
    using (
        select o.tenant_id, (c.element ->> 'clientId')::bigint as client_id, c.element ->> 'itemId' as client_item_id,
               o.type as media_type, o.id as media_item_id
        from old_rows as o, jsonb_array_elements(o.sync_clients) as c (element)
        where (
            select i.type = o.type and i.sync_clients @> jsonb_build_array(jsonb_build_object(
                'clientId', c.element -> 'clientId', 'itemId', c.element -> 'itemId'
            ))
            from pymap.media_items as i
            where i.tenant_id = o.tenant_id and i.id = o.id
        ) is not true
    ) as gone
    where m.tenant_id = gone.tenant_id
      and m.client_id = gone.client_id
      and m.client_item_id = gone.client_item_id
      and m.media_type = gone.media_type
      and m.media_item_id = gone.media_item_id;

    delete from pymap.external_ids as x
    using (
        select o.tenant_id, e.element ->> 'source' as source, e.element ->> 'id' as external_id,
               o.type as media_type, o.id as media_item_id
        from old_rows as o, jsonb_array_elements(o.external_ids) as e (element)
        where (
            select i.type = o.type and i.external_ids @> jsonb_build_array(jsonb_build_object(
                'source', e.element -> 'source', 'id', e.element -> 'id'
            ))
            from pymap.media_items as i
            where i.tenant_id = o.tenant_id and i.id = o.id
        ) is not true
    ) as gone
    where x.tenant_id = gone.tenant_id
      and x.source = gone.source
      and x.external_id = gone.external_id
      and x.media_type = gone.media_type
      and x.media_item_id = gone.media_item_id;
    return null;
end
$function$;

comment on function pymap._remove_lookup_rows() is
'Trigger. Takes away the lookup rows of mappings and external IDs that the media items no longer have.';

revoke all on function pymap._remove_lookup_rows() from public;

create or replace trigger media_items_lookup_delete
after delete on pymap.media_items
referencing old table as old_rows
for each statement execute function pymap._remove_lookup_rows();

create or replace trigger media_items_lookup_update_1_remove
after update on pymap.media_items
referencing old table as old_rows
for each statement execute function pymap._remove_lookup_rows();
