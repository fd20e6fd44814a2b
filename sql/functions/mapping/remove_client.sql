create or replace function pymap.remove_client(p_client_id bigint, p_tenant_id bigint default 0)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_pattern jsonb := jsonb_build_object('clientId', p_client_id);
    v_removed bigint := 0;
    v_removed_now bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._check_client_id('p_client_id', p_client_id);

    loop
        -- Locked in the order of their IDs, as every function locks media items.
        with items as (
            select i.id, i.sync_clients
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id
              and i.id in (
                  select m.media_item_id
                  from pymap.mappings as m
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
        select coalesce(sum(u.removed), 0) into v_removed_now from updated as u;
        v_removed := v_removed + v_removed_now;

        delete from pymap.clients as c
        where c.tenant_id = p_tenant_id
          and c.client_id = p_client_id;
        exit when v_removed_now = 0;
    end loop;
    return v_removed;
end
$function$;

comment on function pymap.remove_client(bigint, bigint) is
$comment$Forgets a client: all its mappings and its client type. The media items stay.
Parameters: p_client_id, from 1 up; p_tenant_id.
Returns the number of mappings removed; 0 for a client that is not known. Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.remove_client(bigint, bigint) from public;
grant execute on function pymap.remove_client(bigint, bigint) to pymap_writer;
