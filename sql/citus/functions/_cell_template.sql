create or replace function pymap_citus._cell_template()
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_tables constant text[] := array(select t.name from pymap_citus._tables() as t);
    v_own constant text[] := array(select t.name from pymap_citus._cell_types() as t)
                             || array(select f.name from pymap_citus._cell_functions() as f);
    v_statements text[];
begin
    v_statements := array[
        'set local check_function_bodies = off',
        'set local search_path = pg_catalog, pg_temp',
        -- To Citus a shard is not for users to change.
        'set local citus.enable_ddl_propagation = off',
        'set local citus.enable_manual_changes_to_shards = on',
        format('drop schema if exists %s cascade', chr(2)),
        format('create schema %s', chr(2)),
        format('grant usage on schema %s to pymap_reader', chr(2))
    ]
    || array(select t.definition from pymap_citus._cell_types() as t)
    || array(
        select s.statement
        from pymap_citus._cell_functions() with ordinality as f (name, definition, grants, comment, position)
        cross join lateral (values (1, f.definition), (2, f.grants), (3, f.comment)) as s (part, statement)
        order by f.position, s.part
    )
    || array(select o.definition from pymap_citus.originals as o where o.kind = 'trigger' order by o.name)
    -- Shards are made without the identity of their table; its sequence is the node's own.
    || array(
        select format(
            $statement$do $do$ begin execute format(
                'alter table %%s alter column %2$I set default nextval(%%L)', 'pymap.%1$I',
                pg_get_serial_sequence('pymap.%1$I', '%2$I')
            ); end $do$$statement$,
            t.name, a.attname
        )
        from pymap_citus._tables() as t
        join pg_attribute as a on a.attrelid = t.id and a.attidentity <> ''
        order by t.name
    );
    return pymap_citus._marked(array_to_string(v_statements, E';\n'), v_tables, v_own) || E';\n';
end
$function$;

comment on function pymap_citus._cell_template() is
'Private. The script that makes a cell, with marks in place of its name and of the names of its shards.';

revoke all on function pymap_citus._cell_template() from public;
