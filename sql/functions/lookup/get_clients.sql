create or replace function pymap.get_clients(p_tenant_id bigint default 0)
returns table (client_id bigint, client_type text, mappings jsonb, changed_at timestamptz)
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._require_tenant(p_tenant_id);
    return query
    select c.client_id, c.client_type, coalesce(jsonb_object_agg(m.media_type, m.count) filter (where m.count > 0), '{}'),
           c.changed_at
    from pymap.clients as c
    left join (
        select i.client_id, i.media_type, count(*) as count
        from pymap.client_items as i
        where i.tenant_id = p_tenant_id
        group by i.client_id, i.media_type
    ) as m on m.client_id = c.client_id
    where c.tenant_id = p_tenant_id
    group by c.client_id, c.client_type, c.changed_at
    order by c.client_id;
end
$function$;

comment on function pymap.get_clients(bigint) is
$comment$The clients that have, or had, mappings.
Parameters: p_tenant_id.
Returns rows in the order of the IDs: client_id, client_type; mappings, their number by media type: {"movie": 812};
changed_at, when a sync last changed something of the client, NULL if none did. A sync that changes nothing writes
nothing.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_clients(bigint) from public;
grant execute on function pymap.get_clients(bigint) to pymap_reader;
