create or replace function pymap_citus.take_over()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
-- The cells have the triggers; nodes get changed dispatchers from _spreading.
set citus.enable_ddl_propagation = off
as $function$
declare
    v_statements constant text[] := array(select s.statement from pymap_citus._taking_over() as s (statement));
    v_statement text;
begin
    perform pymap_citus._keep_originals();
    foreach v_statement in array v_statements loop
        execute v_statement;
    end loop;
end
$function$;

comment on function pymap_citus.take_over() is
'Stores newly installed functions and triggers for the cells, and puts the dispatchers back in their place. Call it in the '
'transaction that installed them.';

revoke all on function pymap_citus.take_over() from public;
