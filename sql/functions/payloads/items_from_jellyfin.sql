create or replace function pymap.items_from_jellyfin(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel unsafe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return pymap._items_from_media_browser(pymap._decoded_response(p_response), 'Jellyfin');
end
$function$;

comment on function pymap.items_from_jellyfin(jsonb) is
$comment$Turns a Jellyfin answer into items.
p_response: the decoded JSON of any request that lists entries, {"Items": […]}, made with Fields=ProviderIds,Path;
also of a search (SearchHints), /Items/Latest (or the list of Items alone), /Movies/Recommendations, one entry, or a
webhook. Keys may be camelCase. May be JSON text in a JSON string.
Returns a JSON array in the order of the response, with an item for each entry. An entry that cannot be an item (a
folder, a library, an extra, a missing episode) becomes {"error": …, "entry": …}. The parent of a season or an episode
is its series, of a track its album, of an album its first artist. Item IDs are returned as the server writes them,
with or without dashes. If the answer is not a whole listing, {"listing": …} follows the items: its total, start and
count, or the name of the selection.
Errors: 22023 if p_response is anything else.$comment$;

revoke all on function pymap.items_from_jellyfin(jsonb) from public;
grant execute on function pymap.items_from_jellyfin(jsonb) to pymap_reader;
