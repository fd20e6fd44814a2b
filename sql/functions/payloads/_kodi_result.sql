create or replace function pymap._kodi_result(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_data constant jsonb := p_response #> '{params,data}';
begin
    return case
        when p_response ? 'result' then p_response -> 'result'
        -- A notification; older versions of Kodi wrap the item.
        when p_response ->> 'method' ~ '^((Video|Audio)Library[.]On(Update|Remove)|Player[.]On[A-Za-z]+)$'
            and coalesce(v_data -> 'item', v_data) ? 'type'
        then jsonb_build_object('item', coalesce(v_data -> 'item', v_data))
        -- The result without its envelope.
        when not p_response ?| '{error,jsonrpc}' then p_response
    end;
end
$function$;

comment on function pymap._kodi_result(jsonb) is
$comment$Private. The result of a Kodi answer, which may be the result alone; {"item": …} for a notification about an
item; NULL if there is none.$comment$;

revoke all on function pymap._kodi_result(jsonb) from public;
grant execute on function pymap._kodi_result(jsonb) to pymap_reader;
