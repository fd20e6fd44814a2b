create or replace function pymap._trakt_selection(p_response jsonb)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_first constant jsonb := p_response -> 0;
begin
    return case
        when p_response ?| '{cast,crew}' then 'person'
        when jsonb_typeof(p_response) = 'object' then 'item'
        when v_first ?& '{watched_at,action}' then 'history'
        when v_first ?& '{paused_at,progress}' then 'playback'
        when v_first ? 'score' then 'search'
        when v_first ? 'watchers' then 'trending'
        when v_first ?| '{list_count,revenue,user_count}' then 'chart'
        when v_first ?| '{first_aired,released}' and v_first ?| '{show,movie}' then 'calendar'
        when v_first ? 'hidden_at' then 'hidden'
        when v_first ? 'watcher_count' then 'popular'
        -- Things without a wrapper: popular films, recommendations, a show's seasons.
        when jsonb_typeof(v_first -> 'ids') = 'object' then 'list'
    end;
end
$function$;

comment on function pymap._trakt_selection(jsonb) is
$comment$Private. The name of the selection that a Trakt answer lists; NULL if it can be complete for its account: a
collection, ratings, a watchlist.$comment$;

revoke all on function pymap._trakt_selection(jsonb) from public;
grant execute on function pymap._trakt_selection(jsonb) to pymap_reader;
