create or replace function pymap._plex_selection(p_response jsonb, p_first jsonb)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_container constant jsonb := pymap._plex_container(p_response);
begin
    return case
        when p_response ? 'event' then 'webhook'
        when v_container is null or jsonb_typeof(v_container -> 'Metadata') = 'object' then 'item'
        -- /library/metadata/N: listings of a section have a title or a view as well.
        when v_container ? 'librarySectionID' and not v_container ?| '{viewGroup,title1,title2,totalSize,offset}'
             and jsonb_array_length(v_container -> 'Metadata') = 1 then 'item'
        when v_container ? 'Hub' then 'hubs'
        when v_container ?| '{SearchResult,SearchResults,Provider}' then 'search'
        when v_container ? 'playQueueID' then 'playQueue'
        when p_first ? 'historyKey' then 'history'
        when p_first ? 'Session' then 'sessions'
        when v_container ? 'playlistType' then 'playlist'
        when v_container ->> 'title2' in ('Recently Added', 'On Deck') then 'hub'
        -- The children of one entry: the container's key is its ratingKey.
        when v_container ->> 'key' ~ '^[0-9]+$' then 'children'
    end;
end
$function$;

comment on function pymap._plex_selection(jsonb, jsonb) is
$comment$Private. The name of the selection that a Plex answer lists; NULL if it can be a whole listing. p_first is
the first of its entries.$comment$;

revoke all on function pymap._plex_selection(jsonb, jsonb) from public;
grant execute on function pymap._plex_selection(jsonb, jsonb) to pymap_reader;
