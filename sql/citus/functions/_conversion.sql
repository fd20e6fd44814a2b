create or replace function pymap_citus._conversion()
returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    if not exists (
        select from pymap_citus._taking_over()
        union all
        select from pymap_citus._spreading()
        union all
        select from pymap_citus._distribution()
    ) then
        return;
    end if;
    -- Distributing functions and tables in one transaction.
    return query
    values ('set local citus.multi_shard_modify_mode = ''sequential'''), ('set local citus.enable_ddl_propagation = off'),
           ('select pymap_citus._keep_originals()');
    return query select s.statement from pymap_citus._taking_over() as s (statement);
    return query values ('set local citus.enable_ddl_propagation = on');
    -- Policies of the shards name functions: those first, then the tables, by which the dispatchers are distributed.
    return query select s.statement from pymap_citus._spreading() as s where not s.needs_tables;
    return query select s.statement from pymap_citus._distribution() as s (statement);
    return query select s.statement from pymap_citus._spreading() as s where s.needs_tables;
    return query values ('select pymap_citus._note_spread()');
end
$function$;

comment on function pymap_citus._conversion() is
'Private. The statements that convert this database, in order, for one transaction. Completed steps are left out.';

revoke all on function pymap_citus._conversion() from public;
