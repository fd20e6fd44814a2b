create or replace function pymap_citus.refresh_cells()
returns table (node text, cell text, action text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_cell record;
begin
    -- Two that make one cell at once would be in each other's way.
    perform pg_advisory_xact_lock(hashtextextended('pymap.citus', 0));
    for v_cell in select * from pymap_citus._cell_states() loop
        if v_cell.state in ('missing', 'outdated') then
            perform pymap_citus._run_on_node(v_cell.node, v_cell.port, format('do %L', format(
                'begin execute %L; comment on schema %I is %L; end',
                v_cell.script, v_cell.cell, 'pymap cell ' || md5(v_cell.script)
            )));
        elsif v_cell.state = 'stale' then
            perform pymap_citus._run_on_node(v_cell.node, v_cell.port, format('do %L', format(
                'begin set local citus.enable_ddl_propagation = off; drop schema if exists %I cascade; end', v_cell.cell
            )));
        end if;
        node := format('%s:%s', v_cell.node, v_cell.port);
        cell := v_cell.cell;
        action := case v_cell.state when 'good' then 'kept' when 'stale' then 'dropped' else 'made' end;
        return next;
    end loop;
end
$function$;

comment on function pymap_citus.refresh_cells() is
'Makes the cells that are missing or of another version, and drops cells whose shard is gone. Each cell has a transaction of '
'its own on its node, which the caller''s rollback does not undo. Returns rows node, cell, action: made, kept or dropped. '
'Errors: 38000 with a node''s error.';

revoke all on function pymap_citus.refresh_cells() from public;
