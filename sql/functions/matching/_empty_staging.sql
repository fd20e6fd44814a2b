create or replace function pymap._empty_staging()
returns void
language plpgsql
as $function$
begin
    truncate pg_temp.pymap_entries, pg_temp.pymap_facts, pg_temp.pymap_hits, pg_temp.pymap_matches,
             pg_temp.pymap_links, pg_temp.pymap_nodes, pg_temp.pymap_candidates, pg_temp.pymap_reviews,
             pg_temp.pymap_merges, pg_temp.pymap_losses, pg_temp.pymap_additions;
end
$function$;

comment on function pymap._empty_staging() is
'Private. Empties the temporary tables in which a listing is matched, but not the listing itself.';

revoke all on function pymap._empty_staging() from public;
