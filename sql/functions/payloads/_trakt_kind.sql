create or replace function pymap._trakt_kind(p_thing jsonb)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return case
        when jsonb_typeof(p_thing -> 'ids') is distinct from 'object' then null
        when p_thing ->> 'type' in ('movie', 'show', 'season', 'episode') then p_thing ->> 'type'
        when p_thing ? 'number' then case when p_thing ? 'season' then 'episode' else 'season' end
        -- Trakt gives no film a TVDB or TVRage ID, and names both for every show, if only as null.
        when p_thing -> 'ids' ?| '{tvdb,tvrage}' or p_thing ?| '{aired_episodes,first_aired,network}' then 'show'
        when p_thing -> 'ids' ?& '{imdb,tmdb}' and p_thing ? 'title' or p_thing ?| '{tagline,released}' then 'movie'
    end;
end
$function$;

comment on function pymap._trakt_kind(jsonb) is
$comment$Private. The kind of a bare Trakt object, {"title": …, "ids": {…}}: movie, show, season or episode; NULL if
the object does not show it.$comment$;

revoke all on function pymap._trakt_kind(jsonb) from public;
grant execute on function pymap._trakt_kind(jsonb) to pymap_reader;
