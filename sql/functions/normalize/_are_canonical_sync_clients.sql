create or replace function pymap._are_canonical_sync_clients(p_sync_clients jsonb)
returns boolean
language sql
immutable
parallel safe
return jsonb_typeof(p_sync_clients) = 'array'
    -- An element of which the condition is neither true nor false, such as one without these keys, is not found either.
    and jsonb_array_length(jsonb_path_query_array(p_sync_clients, 'strict $[*] ? (
        @.clientId >= 1 && @.clientId <= 9223372036854775807
        && @.itemId > ""
        && (@.clientType == "plex" || @.clientType == "emby" || @.clientType == "kodi" || @.clientType == "subsonic"
            || @.clientType == "trakt" || @.clientType == "jellyfin" && @.itemId like_regex "^[0-9a-f]+$")
    )')) = jsonb_array_length(p_sync_clients)
    and not p_sync_clients @? '$[*] ? (exists (@.id) || exists (@.clientID) || exists (@.itemID))'
    -- So no ID is longer than that.
    and octet_length(p_sync_clients::text) <= 1024
    and (strpos(p_sync_clients::text, '.') = 0 or p_sync_clients::text !~ '"clientId": [0-9]*[.]')
    and pymap._all_different(jsonb_path_query_array(p_sync_clients, '$[*].itemId'));

comment on function pymap._are_canonical_sync_clients(jsonb) is
'Private. True if sync_clients is certainly in its canonical form: common clients, short IDs, all of them different. If '
'false, call _canonical_sync_clients.';

revoke all on function pymap._are_canonical_sync_clients(jsonb) from public;
grant execute on function pymap._are_canonical_sync_clients(jsonb) to pymap_reader, pymap_writer;
