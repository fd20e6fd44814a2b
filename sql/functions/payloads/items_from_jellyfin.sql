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
$comment$Turns a Jellyfin answer into items. p_response: the decoded JSON of any request that lists entries, {"Items":
[…]}, asked with Fields=ProviderIds,Path; also of a search (SearchHints), of /Items/Latest (or the list of Items alone), of
/Movies/Recommendations, one entry, a webhook; keys may be camelCase. May be JSON text in a JSON string. Returns a JSON array in the order of the response: an item per entry, and in place of an entry that can be
none (a folder, a library, an extra, a missing episode) {"error": …, "entry": …}. The parent of a season or an episode
is its series, of a track its album, of an album its first artist. Item IDs are passed on
as the server writes them, with or without dashes. Behind the items of an answer that is
no whole listing stands {"listing": …}: its total, start and count, or the name of the selection. Raises 22023 if
p_response is anything else.$comment$;

revoke all on function pymap.items_from_jellyfin(jsonb) from public;
grant execute on function pymap.items_from_jellyfin(jsonb) to pymap_reader;
