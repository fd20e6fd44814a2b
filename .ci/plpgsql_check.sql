-- Every function, judged by the extension plpgsql_check; run against a migrated database.
\set ON_ERROR_STOP 1
create extension plpgsql_check;
begin;
-- These make the temporary tables that other functions read.
select pymap._open_staging();
create temporary table findings as
select c.*
from pg_proc as p
left join lateral (select t.tgrelid from pg_trigger as t where t.tgfoid = p.oid limit 1) as t on true
cross join lateral plpgsql_check_function_tb(
    p.oid, coalesce(t.tgrelid, 0),
    oldtable => case when p.proname in ('_keep_in_step', '_forget_media_items') then 'old_rows' end,
    newtable => case when p.proname = '_keep_in_step' then 'new_rows' end
) as c
where p.pronamespace = 'pymap'::regnamespace
  and p.prolang = (select l.oid from pg_language as l where l.lanname = 'plpgsql')
  and c.level = 'error';
table findings;
do $$ begin if exists (select from findings) then raise exception 'plpgsql_check found errors'; end if; end $$;
rollback;
