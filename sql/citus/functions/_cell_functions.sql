create or replace function pymap_citus._cell_functions()
returns table (name text, definition text, grants text, comment text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    with recursive callers as (
        select p.oid as id, 0 as depth from pg_proc as p where p.pronamespace = 'pymap'::regnamespace and p.prokind = 'f'
        union
        -- A body that is bound when it is made needs what it calls.
        select d.objid, c.depth + 1
        from callers as c
        join pg_depend as d
            on d.refclassid = 'pg_proc'::regclass and d.refobjid = c.id and d.classid = 'pg_proc'::regclass
    )
    select p.proname::text, coalesce(o.definition, pg_get_functiondef(p.oid)),
           format('revoke all on function %s from public', p.oid::regprocedure)
           || coalesce(format('; grant execute on function %s to ', p.oid::regprocedure) || g.roles, ''),
           format('comment on function %s is %L', p.oid::regprocedure, obj_description(p.oid, 'pg_proc'))
    from (select c.id, max(c.depth) as depth from callers as c group by c.id) as l
    join pg_proc as p on p.oid = l.id
    left join pymap_citus.originals as o on o.kind = 'function' and o.name = p.oid::regprocedure::text
    cross join lateral (
        select string_agg(quote_ident(a.grantee::regrole::text), ', ' order by a.grantee::regrole::text) as roles
        from aclexplode(p.proacl) as a
        where a.grantee not in (0, p.proowner)
    ) as g
    order by l.depth, p.proname;
end
$function$;

comment on function pymap_citus._cell_functions() is
'Private. The definitions, grants and comments of all of pymap''s functions, each after those on which it depends.';

revoke all on function pymap_citus._cell_functions() from public;
