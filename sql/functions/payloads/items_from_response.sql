create or replace function pymap.items_from_response(p_client_type text, p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel unsafe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_response jsonb;
begin
    case p_client_type
        when 'plex' then return pymap.items_from_plex(p_response);
        when 'jellyfin' then return pymap.items_from_jellyfin(p_response);
        when 'emby' then return pymap.items_from_emby(p_response);
        when 'kodi' then return pymap.items_from_kodi(p_response);
        when 'subsonic' then return pymap.items_from_subsonic(p_response);
        when 'trakt' then return pymap.items_from_trakt(p_response);
        else
            perform pymap._check_client_type('p_client_type', p_client_type);
            v_response := pymap._decoded_response(p_response);
            if jsonb_typeof(v_response) is distinct from 'array' then
                return pymap._payload_error(
                    v_response,
                    'expected a JSON array of items, found ' || pymap._json_summary(v_response),
                    format(
                        'There is no reader for %s (there are emby, jellyfin, kodi, plex, subsonic and trakt): '
                        'hand over items, [{"itemId": "…", "type": "movie", …}, …].',
                        p_client_type
                    )
                );
            end if;
            return v_response;
    end case;
end
$function$;

comment on function pymap.items_from_response(text, jsonb) is
$comment$Turns a server's JSON response into items, with the reader of its client type.
Parameters: p_client_type, such as 'plex'; p_response, what the server answered. For a client type without a reader
p_response is a JSON array of items, or its JSON text, and the array comes back as it is.
Returns a JSON array of items as get_or_create_mappings takes it; unusable entries are {"error": "why", "entry": …}.
Errors: 22023 if the response has another shape.$comment$;

revoke all on function pymap.items_from_response(text, jsonb) from public;
grant execute on function pymap.items_from_response(text, jsonb) to pymap_reader;
