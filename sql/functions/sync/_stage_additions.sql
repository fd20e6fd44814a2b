create or replace function pymap._stage_additions(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    insert into pg_temp.pymap_additions (media_item_id, media_type, source, external_id)
    select distinct e.media_item_id, e.media_type, x.key, v.id
    from pg_temp.pymap_entries as e
    cross join lateral jsonb_each(e.external_ids) as x
    cross join lateral jsonb_array_elements_text(x.value) as v (id)
    left join lateral (
        -- Whatever the planner expects, the table is not scanned.
        select true as is_there
        from pymap.external_ids as o
        where o.tenant_id = p_tenant_id
          and o.source = x.key
          and o.external_id = v.id
          and o.media_type = e.media_type
          and o.media_item_id = e.media_item_id
        offset 0
    ) as h on true
    where not e.is_unchanged and h.is_there is null;
end
$function$;

comment on function pymap._stage_additions(bigint) is
'Private. Fills pg_temp.pymap_additions with the external IDs that entries report and their media items do not have.';

revoke all on function pymap._stage_additions(bigint) from public;
