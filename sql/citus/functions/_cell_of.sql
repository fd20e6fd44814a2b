create or replace function pymap_citus._cell_of(p_tenant_id bigint, p_is_for_node boolean)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_shard_id bigint;
    v_is_here boolean;
begin
    if p_tenant_id is null then
        raise exception 'invalid value for p_tenant_id: NULL'
            using errcode = 'invalid_parameter_value',
                  detail = 'p_tenant_id is NULL.',
                  hint = 'Give 0 if there is only one household.';
    end if;
    v_shard_id := get_shard_id_for_distribution_column('pymap.media_items', p_tenant_id);
    -- A shard that has gone to another node leaves its cell behind.
    v_is_here := exists (
        select
        from pg_dist_placement as p
        join pg_dist_local_group as g on g.groupid = p.groupid
        where p.shardid = v_shard_id
    );
    if v_is_here and to_regnamespace('pymap_' || v_shard_id) is not null then
        return 'pymap_' || v_shard_id;
    end if;
    raise exception 'tenant % cannot be served %', p_tenant_id,
        case when v_is_here then 'before its cell is made' else 'on this node' end
        using errcode = 'PM010',
              detail = format('Its shard %s is on ', v_shard_id) || coalesce(
                  (
                      select string_agg(format('%s:%s', n.nodename, n.nodeport), ', ')
                      from pg_dist_placement as p
                      join pg_dist_node as n on n.groupid = p.groupid and n.noderole = 'primary'
                      where p.shardid = v_shard_id
                  ),
                  'a node that is not known here'
              ) || '.',
              hint = case
                  when v_is_here then 'Run: pymap citus refresh'
                  when p_is_for_node then 'This function works in a session on that node only; a listing can also be given to '
                                          'sync_client_items.'
                  else 'Call the function alone in its statement, select * from pymap.f(…), with p_tenant_id as a constant or a '
                       'parameter: Citus hands nothing else to that node.'
              end;
end
$function$;

comment on function pymap_citus._cell_of(bigint, boolean) is
'Private. The schema of the cell that serves a tenant on this node. p_is_for_node: Citus does not hand over calls of the '
'function. Errors: PM010 if this node has no such cell, 22023 for NULL.';

revoke all on function pymap_citus._cell_of(bigint, boolean) from public;
grant execute on function pymap_citus._cell_of(bigint, boolean) to pymap_reader;
