create or replace function pymap_citus._run_on_node(p_node text, p_port integer, p_command text)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_answer record;
begin
    select r.success, r.result
    into v_answer
    from master_run_on_worker(array[p_node], array[p_port], array[p_command], false) as r;
    if not v_answer.success then
        raise exception 'node %:% answers: %', p_node, p_port, v_answer.result
            using errcode = 'external_routine_exception';
    end if;
    return v_answer.result;
end
$function$;

comment on function pymap_citus._run_on_node(text, integer, text) is
'Private. Runs a command on a node, in a transaction of its own, and returns its answer. Errors: 38000 with the node''s error.';

revoke all on function pymap_citus._run_on_node(text, integer, text) from public;
