create or replace function pymap_citus._taking_over()
returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select format('drop trigger %I on %s', t.name, t.table_name) from pymap_citus._own_triggers() as t;
    return query
    select pymap_citus._dispatcher(d.function)
    from pymap_citus._dispatched_functions() as d
    where not pymap_citus._is_dispatcher(d.function);
end
$function$;

comment on function pymap_citus._taking_over() is
'Private. The statements that replace functions by dispatchers and drop the triggers of the distributed tables.';

revoke all on function pymap_citus._taking_over() from public;
