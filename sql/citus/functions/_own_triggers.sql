create or replace function pymap_citus._own_triggers()
returns table (id oid, name text, table_name text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select t.oid, t.tgname::text, t.tgrelid::regclass::text
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    join pg_proc as f on f.oid = t.tgfoid
    where c.relnamespace = 'pymap'::regnamespace and f.pronamespace = 'pymap'::regnamespace and not t.tgisinternal
    order by t.tgname;
end
$function$;

comment on function pymap_citus._own_triggers() is 'Private. The triggers of pymap on its tables, which only a single node can have.';

revoke all on function pymap_citus._own_triggers() from public;
