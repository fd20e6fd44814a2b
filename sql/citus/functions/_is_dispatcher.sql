create or replace function pymap_citus._is_dispatcher(p_function regprocedure)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return (select p.prosrc ~ '^\s*-- Dispatcher\.' from pg_proc as p where p.oid = p_function);
end
$function$;

comment on function pymap_citus._is_dispatcher(regprocedure) is
'Private. Whether a function of pymap is a dispatcher, not the function that the cells copy.';

revoke all on function pymap_citus._is_dispatcher(regprocedure) from public;
