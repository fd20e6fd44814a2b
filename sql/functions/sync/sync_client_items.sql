create or replace function pymap.sync_client_items(
    p_client_id bigint,
    p_client_type text,
    p_items jsonb,
    p_media_types text[] default null,
    p_max_removed_fraction numeric default 0.2,
    p_allow_removals boolean default false,
    p_dry_run boolean default false,
    p_tenant_id bigint default 0
)
returns table (client_item_id text, media_type text, media_item_id bigint, action text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $function$
begin
    perform pymap._check_sync_client('sync_client_items', p_client_id, p_client_type, p_tenant_id);
    perform pymap._check_sync_options(p_media_types, p_max_removed_fraction, p_allow_removals, p_dry_run);
    perform pymap._fill_listing(p_items);
    perform pymap._sync_listing(
        'p_items', p_client_id, p_client_type, p_media_types, p_max_removed_fraction, p_allow_removals, p_dry_run, p_tenant_id
    );
    return query select * from pymap._listing_results(p_dry_run);
end
$function$;

comment on function pymap.sync_client_items(bigint, text, jsonb, text[], numeric, boolean, boolean, bigint) is
$comment$Makes the mappings of a client agree with its whole listing. Evidence decides which media item an entry is:
external IDs, file, title, year, numbers below the same parent, and what the client reported before. docs/matching.md
explains it. An ambiguous entry becomes a media item of its own, see get_review_candidates. The order of the entries
does not matter. The same listing again keeps everything and writes nothing.
Parameters: p_client_id, from 1 up; p_client_type, such as 'plex'; p_items, the whole listing, all pages together, a
JSON array of {"itemId", "type", "title", "year", "externalIds", "parentItemId", "seasonNumber", "episodeNumber",
"discNumber", "trackNumber", "artist", "path", "data"}, as the items_from_ functions return it (a WARNING, 01PM1,
names each unknown key); p_media_types, the types that the listing covers, NULL for those that occur in it; mappings
of other types are left alone; p_max_removed_fraction, the share of a type's mappings that may be removed, 0 to 1. It
is checked if 50 or more would be removed. Of ten mappings or more never more than half are removed, unless a larger
share is given; p_allow_removals, true lifts both limits and accepts an incomplete listing; p_dry_run, true writes
nothing; p_tenant_id.
Returns a row for every entry, in their order; an entry listed twice has one row: client_item_id as given; media_type;
media_item_id (NULL in a dry run if it would be created); action: 'kept', 'created', 'matched' (with an existing media
item), 'rekeyed' (the media item had another ID on this client, which is gone), 'reassigned' (the ID stood for another
media item), or 'unusable' (a reader could not use the entry; all else is NULL). Then a row 'removed' for every
mapping that is no longer listed.
Errors: PM004 if too many mappings would be removed, or if the pages hold fewer entries than their server says it has;
PM003 if the client is of another type; 22023 for a bad argument or item; 40001 if other sessions were faster a
hundred times; 0A000 in a transaction that is not READ COMMITTED.$comment$;

revoke all on function pymap.sync_client_items(bigint, text, jsonb, text[], numeric, boolean, boolean, bigint) from public;
grant execute on function pymap.sync_client_items(bigint, text, jsonb, text[], numeric, boolean, boolean, bigint) to pymap_writer;
