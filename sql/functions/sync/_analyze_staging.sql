create or replace function pymap._analyze_staging()
returns void
language plpgsql
as $function$
begin
    -- Only a big listing is worth it: few rows are quick with any plan, and every ANALYZE leaves rows in pg_statistic.
    if (select count(*) from (select from pg_temp.pymap_listing limit 1000) as l) = 1000 then
        analyze pg_temp.pymap_listing, pg_temp.pymap_entries, pg_temp.pymap_candidates, pg_temp.pymap_merges;
    end if;
end
$function$;

comment on function pymap._analyze_staging() is
'Private. Tells the planner how many rows the temporary tables hold, as autovacuum never does for them.';

revoke all on function pymap._analyze_staging() from public;
