create or replace function pymap._remove_client(p_client_id bigint, p_tenant_id bigint)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_pattern jsonb := jsonb_build_object('clientId', p_client_id);
    v_removed bigint;
begin
    with items as (
        select i.id, i.sync_clients
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id
          and i.id in (
              select m.media_item_id
              from pymap.client_items as m
              where m.tenant_id = p_tenant_id and m.client_id = p_client_id
          )
        order by i.id
        for update
    ),
    kept as (
        select i.id, coalesce(k.sync_clients, '[]') as sync_clients,
               jsonb_array_length(i.sync_clients) - coalesce(jsonb_array_length(k.sync_clients), 0) as removed
        from items as i
        cross join lateral (
            select jsonb_agg(c.element order by c.position) as sync_clients
            from jsonb_array_elements(i.sync_clients) with ordinality as c (element, position)
            where not c.element @> v_pattern
        ) as k
    ),
    updated as (
        update pymap.media_items as i
        set sync_clients = k.sync_clients
        from kept as k
        where i.tenant_id = p_tenant_id and i.id = k.id and k.removed > 0
        returning k.removed
    )
    select coalesce(sum(u.removed), 0) into v_removed from updated as u;

    -- Waits for every session that maps an item of this client.
    delete from pymap.clients as c where c.tenant_id = p_tenant_id and c.client_id = p_client_id;
    if exists (
        select from pymap.client_items as m where m.tenant_id = p_tenant_id and m.client_id = p_client_id
    ) then
        raise sqlstate 'PM999';
    end if;
    return v_removed;
end
$function$;

comment on function pymap._remove_client(bigint, bigint) is
'Private. One attempt of remove_client. Raises PM999 if another session made a mapping meanwhile.';

revoke all on function pymap._remove_client(bigint, bigint) from public;
