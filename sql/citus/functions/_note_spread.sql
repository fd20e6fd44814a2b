create or replace function pymap_citus._note_spread()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    delete from pymap_citus.originals as o where o.kind = 'node';
    insert into pymap_citus.originals (kind, name, definition)
    select 'node', n.function::text, pg_get_functiondef(n.function) from pymap_citus._node_functions() as n (function);
    update pymap_citus.originals as o
    set spread = pg_get_functiondef(to_regprocedure(o.name))
    where o.kind in ('function', 'node');
end
$function$;

comment on function pymap_citus._note_spread() is 'Private. Notes that all nodes have the current functions.';

revoke all on function pymap_citus._note_spread() from public;
