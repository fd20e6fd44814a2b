create or replace function pymap_citus._node_functions()
returns setof regprocedure
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    with recursive needed as (
        select d.refobjid as id
        from pg_depend as d
        join pg_proc as p on p.oid = d.refobjid and p.pronamespace = 'pymap'::regnamespace
        where d.refclassid = 'pg_proc'::regclass
          and d.classid in ('pg_policy'::regclass, 'pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass)
        union
        select o.oid
        from needed as n
        join pg_proc as p on p.oid = n.id
        cross join lateral regexp_matches(
            coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), '\mpymap\.([a-z_0-9]+)', 'g'
        ) as m (name)
        join pg_proc as o on o.proname = m.name[1] and o.pronamespace = 'pymap'::regnamespace
    )
    select n.id::regprocedure from needed as n
    union all
    values ('pymap_citus._cell_of(bigint,boolean)'::regprocedure), ('pymap_citus._require_cell()');
end
$function$;

comment on function pymap_citus._node_functions() is
'Private. The functions that every node needs besides cells and dispatchers: those that policies, indexes, defaults and '
'constraints of the tables use, those that these call, and two of this schema.';

revoke all on function pymap_citus._node_functions() from public;
