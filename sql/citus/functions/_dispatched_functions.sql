create or replace function pymap_citus._dispatched_functions()
returns table (function regprocedure, is_for_coordinator boolean)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select p.oid::regprocedure,
           -- A listing is copied into a temporary table of the node, and LISTEN hears what happens on its own node.
           p.proname not in ('begin_client_sync', 'apply_client_sync', 'listen')
    from pg_proc as p
    where p.pronamespace = 'pymap'::regnamespace
      and p.proname !~ '^_'
      and 'p_tenant_id' = any (p.proargnames)
    order by p.proname;
end
$function$;

comment on function pymap_citus._dispatched_functions() is
'Private. The public functions that work for one tenant. is_for_coordinator: Citus hands calls to the tenant''s node; '
'the others work only in a session on that node.';

revoke all on function pymap_citus._dispatched_functions() from public;
