create or replace function pymap._empty_staging()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- Plans that were cached for small calls survive a DELETE, but not a TRUNCATE, whose file is a new one.
    if pg_relation_size('pg_temp.pymap_kept') + pg_total_relation_size('pg_temp.pymap_entries')
       + pg_relation_size('pg_temp.pymap_candidates') > 1000000 then
        truncate pg_temp.pymap_kept, pg_temp.pymap_entries, pg_temp.pymap_pairs, pg_temp.pymap_candidates, pg_temp.pymap_links,
                 pg_temp.pymap_claims, pg_temp.pymap_matches, pg_temp.pymap_merges, pg_temp.pymap_losses,
                 pg_temp.pymap_additions;
    else
        delete from pg_temp.pymap_kept;
        delete from pg_temp.pymap_entries;
        delete from pg_temp.pymap_pairs;
        delete from pg_temp.pymap_candidates;
        delete from pg_temp.pymap_links;
        delete from pg_temp.pymap_claims;
        delete from pg_temp.pymap_matches;
        delete from pg_temp.pymap_merges;
        delete from pg_temp.pymap_losses;
        delete from pg_temp.pymap_additions;
    end if;
end
$function$;

comment on function pymap._empty_staging() is
'Private. Empties the temporary tables in which a listing is matched, but not the listing itself.';

revoke all on function pymap._empty_staging() from public;
