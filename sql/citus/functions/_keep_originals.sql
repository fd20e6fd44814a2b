create or replace function pymap_citus._keep_originals()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    delete from pymap_citus.originals as o
    where o.kind = 'function'
      and not exists (select from pymap_citus._dispatched_functions() as d where d.function::text = o.name);
    insert into pymap_citus.originals as o (kind, name, definition)
    select 'function', d.function::text, pg_get_functiondef(d.function)
    from pymap_citus._dispatched_functions() as d
    where not pymap_citus._is_dispatcher(d.function)
    on conflict (kind, name) do update set definition = excluded.definition;

    if exists (select from pymap_citus._own_triggers()) then
        delete from pymap_citus.originals as o where o.kind = 'trigger';
        insert into pymap_citus.originals (kind, name, definition)
        select 'trigger', t.name, pg_get_triggerdef(t.id) from pymap_citus._own_triggers() as t;
    end if;
end
$function$;

comment on function pymap_citus._keep_originals() is
'Private. Stores the installed public functions and triggers, before dispatchers replace them.';

revoke all on function pymap_citus._keep_originals() from public;
