create or replace function pymap_citus._dispatcher(p_function regprocedure)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $body$
declare
    v_function pg_proc;
    v_result text;
    v_call text;
    v_using text;
    v_cell text;
begin
    select p.* into v_function from pg_proc as p where p.oid = p_function;
    v_result := pg_get_function_result(p_function);
    select format('pymap_citus._cell_of(p_tenant_id, %s)', (not d.is_for_coordinator)::text)
    into v_cell
    from pymap_citus._dispatched_functions() as d
    where d.function = p_function;
    select format('%%I.%I(%s)', v_function.proname, string_agg('$' || a.position, ', ' order by a.position)),
           string_agg(v_function.proargnames[a.position], ', ' order by a.position)
    into v_call, v_using
    from generate_series(1, v_function.pronargs) as a (position);

    return format(
        $dispatcher$create or replace function pymap.%I(%s)
returns %s
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
-- Dispatcher. Volatile: Citus crashes if it hands over a stable function in a CTE.%s
begin
    %s
end
$function$$dispatcher$,
        v_function.proname, pg_get_function_arguments(p_function), v_result,
        case when v_result <> 'void' and not v_function.proretset then E'\ndeclare\n    v_result ' || v_result || ';' end,
        format(
            case
                when v_function.proretset then 'return query execute format(%L, %s) using %s;'
                when v_result = 'void' then 'execute format(%L, %s) using %s;'
                else E'execute format(%L, %s) into v_result using %s;\n    return v_result;'
            end,
            case when v_function.proretset then 'select * from ' else 'select ' end || v_call, v_cell, v_using
        )
    );
end
$body$;

comment on function pymap_citus._dispatcher(regprocedure) is
'Private. The statement that puts a dispatcher in the place of a public function: it calls the function of that name in '
'the tenant''s cell.';

revoke all on function pymap_citus._dispatcher(regprocedure) from public;
