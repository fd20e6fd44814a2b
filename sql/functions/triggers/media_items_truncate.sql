create or replace function pymap._truncate_lookup()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    truncate pymap.mappings, pymap.external_ids, pymap.clients;
    return null;
end
$function$;

comment on function pymap._truncate_lookup() is 'Trigger. Empties the lookup tables together with media_items.';

revoke all on function pymap._truncate_lookup() from public;

create or replace trigger media_items_truncate
after truncate on pymap.media_items
for each statement execute function pymap._truncate_lookup();
