create or replace function pymap._plex_container(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return case
        when p_response ? 'MediaContainer' then p_response -> 'MediaContainer'
        -- Its content alone. The Metadata of a webhook is an object.
        when jsonb_typeof(p_response -> 'Metadata') = 'array'
            or p_response ?| '{Directory,Hub,SearchResult,SearchResults}'
            or p_response ->> 'size' = '0'
        then p_response
    end;
end
$function$;

comment on function pymap._plex_container(jsonb) is
$comment$Private. The MediaContainer of a Plex answer; the answer may also be its content alone. NULL for a webhook
and for a single entry.$comment$;

revoke all on function pymap._plex_container(jsonb) from public;
grant execute on function pymap._plex_container(jsonb) to pymap_reader;
