create or replace function pymap_citus._cells()
returns table (node text, port integer, cell text, shards jsonb)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select n.nodename::text, n.nodeport, 'pymap_' || s.shardid,
           (
               select jsonb_object_agg(t.name, format('pymap.%I', t.name || '_' || o.shardid))
               from pymap_citus._tables() as t
               join pg_dist_shard as o on o.logicalrelid = t.id and (not t.has_tenant or o.shardminvalue = s.shardminvalue)
           )
    from pg_dist_shard as s
    join pg_dist_placement as p on p.shardid = s.shardid and p.shardstate = 1
    join pg_dist_node as n on n.groupid = p.groupid and n.isactive and n.noderole = 'primary'
    where s.logicalrelid = 'pymap.media_items'::regclass
    order by n.nodename, n.nodeport, s.shardid;
end
$function$;

comment on function pymap_citus._cells() is
'Private. The cells that should exist: one for every shard of media_items, on its node, with the shards of all tables that '
'hold the same tenants.';

revoke all on function pymap_citus._cells() from public;
