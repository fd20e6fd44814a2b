create or replace function pymap._analyze_stored()
returns void
language plpgsql
-- A small sample now; autovacuum takes a larger one later.
set default_statistics_target = 10
-- What another session is analysing is skipped, which is no news to the caller.
set client_min_messages = error
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- Autovacuum comes by once a minute; until then the planner knows nothing of what was written since it was installed.
    -- An ANALYZE that was rolled back leaves the sizes and takes back the rest.
    if exists (
        select
        from pg_class as c
        where c.oid in ('pymap.media_items'::regclass, 'pymap.client_items'::regclass, 'pymap.external_ids'::regclass)
          and (
              pg_relation_size(c.oid) / current_setting('block_size')::bigint > 2 * greatest(c.relpages, 0) + 20
              or c.relpages > 20
                 and not exists (select from pg_stats as s where s.schemaname = 'pymap' and s.tablename = c.relname)
          )
    ) then
        analyze (skip_locked) pymap.media_items, pymap.client_items, pymap.external_ids;
    end if;
end
$function$;

comment on function pymap._analyze_stored() is
'Private. Analyses tables that have no statistics, or have grown to twice their size since they were last analysed.';

revoke all on function pymap._analyze_stored() from public;
