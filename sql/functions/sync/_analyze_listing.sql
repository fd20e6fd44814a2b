create or replace function pymap._analyze_listing()
returns void
language plpgsql
set default_statistics_target = 10
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- As in _analyze_entries.
    if (select count(*) from (select from pg_temp.pymap_listing limit 1000) as l) = 1000 then
        analyze pg_temp.pymap_listing (position);
    end if;
end
$function$;

comment on function pymap._analyze_listing() is
'Private. Gives the planner the row count of a big listing.';

revoke all on function pymap._analyze_listing() from public;
