create or replace function pymap._add_missing_lookup(p_media_item_ids bigint[], p_tenant_id bigint)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_rows bigint;
    v_added bigint;
begin
    insert into pymap.client_items (tenant_id, client_id, client_item_id, media_type, media_item_id)
    select p_tenant_id, (c.element ->> 'clientId')::bigint, c.element ->> 'itemId' collate "C", i.type, i.id
    from unnest(p_media_item_ids) as d (id)
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = d.id
    cross join lateral jsonb_array_elements(i.sync_clients) as c (element)
    order by 2, 3, 4, 5
    on conflict do nothing;
    get diagnostics v_added = row_count;
    perform pymap._mapping_conflict(
        p_tenant_id, (c.element ->> 'clientId')::bigint, c.element ->> 'itemId', i.type, i.id
    )
    from unnest(p_media_item_ids) as d (id)
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = d.id
    cross join lateral jsonb_array_elements(i.sync_clients) as c (element);

    -- Slot 0 for the oldest that has an external ID, unless it is taken.
    for v_turn in 1..2 loop
        insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
        select p_tenant_id, e.element ->> 'source' collate "C", e.element ->> 'id' collate "C", i.type,
               case v_turn when 1 then 0 else i.id end, i.id
        from unnest(p_media_item_ids) as d (id)
        join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = d.id
        cross join lateral jsonb_array_elements(i.external_ids) as e (element)
        where not exists (
            select
            from pymap.external_ids as x
            where x.tenant_id = p_tenant_id
              and x.source = e.element ->> 'source'
              and x.external_id = e.element ->> 'id'
              and x.media_type = i.type
              and x.media_item_id = i.id
        )
        order by 2, 3, 4, i.id
        on conflict do nothing;
        get diagnostics v_rows = row_count;
        v_added := v_added + v_rows;
    end loop;

    insert into pymap.clients as o (tenant_id, client_id, client_type)
    select p_tenant_id, (c.element ->> 'clientId')::bigint, min(c.element ->> 'clientType')
    from unnest(p_media_item_ids) as d (id)
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = d.id
    cross join lateral jsonb_array_elements(i.sync_clients) as c (element)
    group by 2
    order by 2
    on conflict (tenant_id, client_id) do update set client_type = excluded.client_type
    -- No array may be left that says otherwise.
    where o.client_type <> excluded.client_type and not exists (
        select
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id
          and i.sync_clients @> jsonb_build_array(
              jsonb_build_object('clientId', o.client_id, 'clientType', o.client_type)
          )
    );
    get diagnostics v_rows = row_count;
    perform pymap._check_client((c.element ->> 'clientId')::bigint, c.element ->> 'clientType', p_tenant_id)
    from unnest(p_media_item_ids) as d (id)
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = d.id
    cross join lateral jsonb_array_elements(i.sync_clients) as c (element);
    return v_added + v_rows;
end
$function$;

comment on function pymap._add_missing_lookup(bigint[], bigint) is
'Private. Adds lookup rows that the arrays of these media items require. Returns their number. Errors: PM001, PM003.';

revoke all on function pymap._add_missing_lookup(bigint[], bigint) from public;
