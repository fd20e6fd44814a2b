create or replace function pymap._empty_staging()
returns void
language plpgsql
as $function$
begin
    -- A commit has emptied them already, unless this transaction has matched before.
    if exists (select from pg_temp.pymap_entries) or exists (select from pg_temp.pymap_merges)
       or exists (select from pg_temp.pymap_losses)
    then
        truncate pg_temp.pymap_entries, pg_temp.pymap_pairs, pg_temp.pymap_candidates, pg_temp.pymap_links, pg_temp.pymap_claims,
                 pg_temp.pymap_matches, pg_temp.pymap_merges,
                 pg_temp.pymap_losses, pg_temp.pymap_additions;
    end if;
end
$function$;

comment on function pymap._empty_staging() is
'Private. Empties the temporary tables in which a listing is matched, but not the listing itself.';

revoke all on function pymap._empty_staging() from public;
