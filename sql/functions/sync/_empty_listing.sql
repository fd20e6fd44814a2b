create or replace function pymap._empty_listing()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- Plans survive a DELETE, but not a TRUNCATE, whose file is a new one.
    if pg_total_relation_size('pg_temp.pymap_listing') > 1000000 then
        truncate pg_temp.pymap_listing;
    else
        delete from pg_temp.pymap_listing;
    end if;
end
$function$;

comment on function pymap._empty_listing() is
'Private. Empties the temporary table of the items that are to be synced.';

revoke all on function pymap._empty_listing() from public;
