create or replace function pymap._plex_entries(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_container constant jsonb := pymap._plex_container(p_response);
    -- A webhook wraps one entry without a container. Next to Metadata, a Directory holds only menu entries
    -- such as "All episodes".
    v_entries constant jsonb := case
        when v_container ? 'Hub' then jsonb_path_query_array(v_container, '$.Hub[*].Metadata[*]')
        when v_container ? 'SearchResults' then
            jsonb_path_query_array(v_container, '$.SearchResults[*].SearchResult[*].Metadata[*]')
        when v_container ? 'SearchResult' then jsonb_path_query_array(v_container, '$.SearchResult[*].Metadata[*]')
        when v_container is not null then coalesce(
            v_container -> 'Metadata',
            v_container -> 'Directory',
            case when v_container ->> 'size' = '0' then '[]'::jsonb end
        )
        when p_response ? 'ratingKey' then p_response
        else p_response -> 'Metadata'
    end;
begin
    return case jsonb_typeof(v_entries)
        when 'array' then v_entries
        when 'object' then case when v_entries ? 'ratingKey' then jsonb_build_array(v_entries) end
    end;
end
$function$;

comment on function pymap._plex_entries(jsonb) is
$comment$Private. The entries of a Plex answer as a JSON array. The answer is a listing, hubs, a search, a webhook or
a single entry. NULL if it has none of these shapes.$comment$;

revoke all on function pymap._plex_entries(jsonb) from public;
grant execute on function pymap._plex_entries(jsonb) to pymap_reader;
