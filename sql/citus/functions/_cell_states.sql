create or replace function pymap_citus._cell_states()
returns table (node text, port integer, cell text, script text, state text)
language plpgsql
-- Volatile: nodes are asked.
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- A shard that went and came back has lost its triggers.
    c_question constant text := $question$
        select coalesce(
            jsonb_object_agg(
                n.nspname,
                format(
                    '%s, %s triggers', obj_description(n.oid, 'pg_namespace'),
                    (
                        select count(*)
                        from pg_catalog.pg_trigger as t
                        join pg_catalog.pg_proc as f on f.oid = t.tgfoid
                        where f.pronamespace = n.oid
                    )
                )
            ),
            '{}'
        )
        from pg_catalog.pg_namespace as n
        where n.nspname ~ '^pymap_[0-9]+$'
    $question$;
    v_template constant text := pymap_citus._cell_template();
    v_triggers constant bigint := (select count(*) from pymap_citus.originals as o where o.kind = 'trigger');
begin
    return query
    with wanted as (
        select c.node, c.port, c.cell, pymap_citus._cell_script(c.cell, c.shards, v_template) as script
        from pymap_citus._cells() as c
    ),
    found as (
        select n.nodename::text as node, n.nodeport as port, s.key as cell, s.value as state
        from pg_dist_node as n
        cross join lateral jsonb_each_text(pymap_citus._run_on_node(n.nodename::text, n.nodeport, c_question)::jsonb) as s
        where n.isactive and n.noderole = 'primary'
    )
    select coalesce(w.node, f.node), coalesce(w.port, f.port), coalesce(w.cell, f.cell), w.script,
           case
               when w.script is null then 'stale'
               when f.state is null then 'missing'
               when f.state = format('pymap cell %s, %s triggers', md5(w.script), v_triggers) then 'good'
               else 'outdated'
           end
    from wanted as w
    full join found as f on f.node = w.node and f.port = w.port and f.cell = w.cell
    order by 1, 2, 3;
end
$function$;

comment on function pymap_citus._cell_states() is
'Private. Every cell that a node has or should have, with the script that makes it; state: good, missing, outdated, or stale '
'(its shard is gone).';

revoke all on function pymap_citus._cell_states() from public;
