create or replace function pymap_citus._spreading()
returns table (statement text, needs_tables boolean)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    with functions as (
        select n.function, 'node' as kind, null as distribution
        from pymap_citus._node_functions() as n (function)
        union all
        select d.function, 'function',
               case
                   when d.is_for_coordinator
                   then ', ''p_tenant_id'', colocate_with => ''pymap.media_items'', force_delegation => true'
               end
        from pymap_citus._dispatched_functions() as d
    )
    select s.statement, f.kind = 'function'
    from functions as f
    left join pymap_citus.originals as o on o.kind = f.kind and o.name = f.function::text
    join pg_proc as p on p.oid = f.function
    cross join lateral (
        select string_agg(quote_ident(a.grantee::regrole::text), ', ' order by a.grantee::regrole::text) as roles
        from aclexplode(p.proacl) as a
        where a.grantee not in (0, p.proowner)
    ) as g
    cross join lateral (
        values
            (1, format('select create_distributed_function(%L%s)', f.function::text, f.distribution)),
            (2, format('revoke all on function %s from public', f.function)),
            (3, format('grant execute on function %s to %s', f.function, g.roles))
    ) as s (step, statement)
    where (s.step < 3 or g.roles is not null) and o.spread is distinct from pg_get_functiondef(f.function)
    order by f.kind desc, f.function::text, s.step;
end
$function$;

comment on function pymap_citus._spreading() is
'Private. The statements that bring changed functions to all nodes, present and future: those that every node needs unchanged, '
'and the dispatchers. needs_tables: the tables have to be distributed first.';

revoke all on function pymap_citus._spreading() from public;
