create or replace function pymap._analyze_entries()
returns void
language plpgsql
-- A small sample: row counts and the size of groups are all that matters here.
set default_statistics_target = 10
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- Few rows are quick with any plan, and every ANALYZE leaves dead rows in pg_statistic.
    if (select count(*) from (select from pg_temp.pymap_entries limit 1000) as e) = 1000 then
        analyze pg_temp.pymap_entries (client_item_id, media_type, level, known_id, media_item_id, group_n, parent_id);
        analyze pg_temp.pymap_pairs (n, found_id);
        analyze pg_temp.pymap_candidates (n, media_item_id, weight, is_strong);
        analyze pg_temp.pymap_merges (duplicate_id, keep_id);
    end if;
end
$function$;

comment on function pymap._analyze_entries() is
'Private. Gives the planner the row counts of the temporary tables. Autovacuum never analyses them.';

revoke all on function pymap._analyze_entries() from public;
