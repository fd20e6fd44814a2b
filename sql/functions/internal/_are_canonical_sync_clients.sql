create or replace function pymap._are_canonical_sync_clients(p_sync_clients jsonb)
returns boolean
language sql
immutable
parallel safe
return jsonb_typeof(p_sync_clients) = 'array'
    and not p_sync_clients @? 'strict $[*] ? (!(
        @.clientId.type() == "number" && @.clientId >= 1 && @.clientId <= 9223372036854775807
        && @.clientType.type() == "string" && @.clientType like_regex "^[a-z][a-z0-9_-]{0,49}$"
        && @.itemId.type() == "string" && @.itemId like_regex "^.{1,255}$" flag "s"
        && (@.clientType != "jellyfin" || @.itemId like_regex "^[0-9a-f]{32}$")
    ))'
    -- Neither true nor false of what has no such key.
    and not p_sync_clients @? 'strict $[*] ? (
        (@.clientId.type() == "number" && @.clientType.type() == "string" && @.itemId.type() == "string") is unknown
    )'
    and not p_sync_clients @? '$[*] ? (exists (@.id) || exists (@.clientID) || exists (@.itemID))'
    and p_sync_clients::text !~ '"clientId": [0-9]*[.]';

comment on function pymap._are_canonical_sync_clients(jsonb) is
'Private. Whether every element of sync_clients is in its canonical form for certain; the same mapping may still be there '
'twice.';

revoke all on function pymap._are_canonical_sync_clients(jsonb) from public;
grant execute on function pymap._are_canonical_sync_clients(jsonb) to pymap_reader, pymap_writer;
