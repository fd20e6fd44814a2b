create or replace function pymap_citus.check_cells()
returns table (node text, subject text, problem text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query select '-', 'setting', format('%s. %s', o.problem, o.hint) from pymap_citus._obstacles() as o;
    if found then
        return;
    end if;
    return query select '-', 'tables', 'not done yet: ' || s.statement from pymap_citus._distribution() as s (statement);
    if found then
        return;
    end if;
    return query
    select '-', d.function::text, 'it is no dispatcher'
    from pymap_citus._dispatched_functions() as d
    where not pymap_citus._is_dispatcher(d.function);
    return query select '-', 'nodes', 'not done yet: ' || s.statement from pymap_citus._spreading() as s;
    return query
    select format('%s:%s', c.node, c.port), c.cell, c.state from pymap_citus._cell_states() as c where c.state <> 'good';
end
$function$;

comment on function pymap_citus.check_cells() is
'Problems that keep a converted database from serving its tenants. Returns rows node, subject, problem; none if all is well.';

revoke all on function pymap_citus.check_cells() from public;
