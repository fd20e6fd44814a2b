create or replace function pymap._lookup_damage(p_tenant_id bigint)
returns table (kind text, media_item_id bigint, detail text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    with items as materialized (
        select i.id, i.type, i.sync_clients, i.external_ids,
               pymap._array_state(i.sync_clients, i.external_ids, i.type) as state
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id
    ),
    mapped as materialized (
        select i.id, i.type, (c.element ->> 'clientId')::bigint as client_id, c.element ->> 'clientType' as client_type,
               c.element ->> 'itemId' collate "C" as client_item_id
        from items as i
        cross join lateral jsonb_array_elements(case when i.state <> 'not_valid' then i.sync_clients end) as c (element)
    ),
    identified as materialized (
        select i.id, i.type, e.element ->> 'source' collate "C" as source, e.element ->> 'id' collate "C" as external_id
        from items as i
        cross join lateral jsonb_array_elements(case when i.state <> 'not_valid' then i.external_ids end) as e (element)
    )
    select i.state, i.id, format('%s, %s', i.sync_clients, i.external_ids)
    from items as i
    where i.state <> 'canonical'
    union all
    select 'mapping_missing', a.id,
           format('%s %L of client %s', a.type, a.client_item_id, a.client_id)
           || coalesce(' stands for media item ' || m.media_item_id, ' is not found')
    from mapped as a
    left join pymap.client_items as m
        on m.tenant_id = p_tenant_id
        and m.client_id = a.client_id
        and m.client_item_id = a.client_item_id
        and m.media_type = a.type
    where m.media_item_id is distinct from a.id
    union all
    select 'mapping_stale', m.media_item_id,
           format('%s %L of client %s is not in its sync_clients', m.media_type, m.client_item_id, m.client_id)
    from pymap.client_items as m
    left join mapped as a
        on a.client_id = m.client_id
        and a.client_item_id = m.client_item_id
        and a.type = m.media_type
        and a.id = m.media_item_id
    where m.tenant_id = p_tenant_id
      and a.id is null
      and m.media_item_id not in (select i.id from items as i where i.state = 'not_valid')
    union all
    select 'external_id_missing', a.id, format('%s %s is not found', a.source, a.external_id)
    from identified as a
    left join pymap.external_ids as x
        on x.tenant_id = p_tenant_id
        and x.source = a.source
        and x.external_id = a.external_id
        and x.media_type = a.type
        and x.media_item_id = a.id
    where x.media_item_id is null
    union all
    select 'external_id_stale', x.media_item_id, format('%s %s is not in its external_ids', x.source, x.external_id)
    from pymap.external_ids as x
    left join identified as a
        on a.source = x.source
        and a.external_id = x.external_id
        and a.type = x.media_type
        and a.id = x.media_item_id
    where x.tenant_id = p_tenant_id
      and a.id is null
      and x.media_item_id not in (select i.id from items as i where i.state = 'not_valid')
    union all
    select case when c.client_type is null then 'client_missing' else 'client_type_mismatch' end, a.id,
           format('client %s of type %s', a.client_id, a.client_type) || coalesce(' is of type ' || c.client_type, '')
    from mapped as a
    left join pymap.clients as c on c.tenant_id = p_tenant_id and c.client_id = a.client_id
    where c.client_type is distinct from a.client_type;
end
$function$;

comment on function pymap._lookup_damage(bigint) is
'Private. Where the lookup tables and the arrays of media_items disagree, row by row.';

revoke all on function pymap._lookup_damage(bigint) from public;
grant execute on function pymap._lookup_damage(bigint) to pymap_reader;
