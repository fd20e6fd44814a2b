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
$comment$Makes the mappings of a client agree with its whole listing. Which media item an entry is, is decided by weighing
evidence: external IDs, file, title, year, numbers below the same parent, and what the client told before; docs/matching.md
explains it. What is ambiguous becomes a media item of its own, see get_review_candidates. The result does not depend on the
order of the entries; a second run keeps everything and writes nothing.
Parameters: p_client_id, from 1 up; p_client_type, such as 'plex'; p_items, the whole listing, a JSON array of
{"itemId", "type", "title", "year", "externalIds", "parentItemId", "seasonNumber", "episodeNumber", "discNumber",
"trackNumber", "artist", "path", "data"} (a WARNING, 01PM1, names each other key), as the items_from_ functions return it, all pages together; p_media_types, the types that the listing covers, NULL for those that occur in it:
mappings of other types are left alone; p_max_removed_fraction, the share of a type's mappings that may go, 0 to 1,
asked if 50 or more would go; of ten mappings or more never more than half, unless a larger share is given; p_allow_removals, lets any number go; p_dry_run, writes nothing; p_tenant_id.
Returns a row for every entry, in their order, an entry listed twice once: client_item_id as it was given, media_type,
media_item_id (NULL in a dry run for one that would be created), action: 'kept', 'created', 'matched' (with a media
item that exists), 'rekeyed' (the media item had another ID on this client, which is gone), 'reassigned' (the ID stood
for another media item), or 'unusable' (an entry that a reader reported; all else NULL); then 'removed' for every
mapping that is not listed any more.
Errors: PM004 if too many mappings would go, or if the pages are fewer entries than their server says it has; PM003 if the client is of another type; 22023 for a bad argument or item;
40001 if another session was faster again and again; 0A000 in a transaction that is not READ COMMITTED.$comment$;

revoke all on function pymap.sync_client_items(bigint, text, jsonb, text[], numeric, boolean, boolean, bigint) from public;
grant execute on function pymap.sync_client_items(bigint, text, jsonb, text[], numeric, boolean, boolean, bigint) to pymap_writer;
