create or replace function pymap.items_from_kodi(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
declare
    v_result constant jsonb := p_response -> 'result';
    c_lists constant text[] := '{movies,sets,tvshows,seasons,episodes,musicvideos,artists,albums,songs}';
begin
    if jsonb_typeof(p_response -> 'error') <> 'null' then
        return pymap._payload_error(
            p_response,
            format(
                'Kodi answered with error %s: %s',
                coalesce(pymap._json_text(p_response #> '{error,code}'), '(no code)'),
                coalesce(left(pymap._json_text(p_response #> '{error,message}'), 200), '(no message)')
            ),
            'Correct the JSON-RPC request; p_response has to be the answer to a request that succeeded.'
        );
    elsif not coalesce(
        jsonb_typeof(v_result) = 'object' and v_result ?| c_lists
        -- Where nothing is left to list, Kodi sends the limits and no list at all.
        or pymap._json_integer(v_result #> '{limits,start}') >= pymap._json_integer(v_result #> '{limits,total}'),
        false
    ) then
        return pymap._payload_error(
            p_response,
            format(
                'expected a Kodi answer, {"result": {"movies": […]}} or another of %s, found %s',
                array_to_string(c_lists[2:], ', '),
                coalesce('result as ' || pymap._json_summary(v_result), pymap._json_summary(p_response))
            ),
            'Pass on the whole answer to a JSON-RPC request such as VideoLibrary.GetMovies '
                'with the properties title, year and uniqueid, decoded from JSON once.'
        );
    end if;

    return (
        select coalesce(jsonb_agg(
            coalesce(
                pymap._unusable_entry(e.entry, k.type, array[k.id_key, 'type', 'title', 'label']),
                pymap._payload_item(
                    p_type => k.type,
                    p_item_id => pymap._json_text(e.entry -> k.id_key),
                    p_title => coalesce(pymap._json_text(e.entry -> 'title'), pymap._json_text(e.entry -> 'label')),
                    p_year => coalesce(
                        nullif(pymap._json_integer(e.entry -> 'year'), 0),
                        substring(e.entry ->> 'premiered' from '^[0-9]{4}')::integer
                    ),
                    p_external_ids => x.ids,
                    p_parent_item_id => pymap._json_text(case k.type
                        when 'track' then e.entry -> 'albumid'
                        when 'album' then pymap._json_list(e.entry -> 'artistid') -> 0
                        else e.entry -> 'tvshowid'
                    end),
                    p_season_number => pymap._json_integer(e.entry -> 'season'),
                    p_episode_number => pymap._json_integer(e.entry -> 'episode'),
                    p_disc_number => pymap._json_integer(e.entry -> 'disc'),
                    p_track_number => pymap._json_integer(e.entry -> 'track'),
                    p_artist => coalesce(
                        pymap._json_text(e.entry -> 'displayartist'),
                        pymap._json_text(pymap._json_list(e.entry -> 'artist') -> 0)
                    )
                )
            )
            order by k.position, e.position
        ), '[]')
        from (values
            (1, 'movies', 'movieid', 'movie'),
            (2, 'sets', 'setid', 'collection'),
            (3, 'tvshows', 'tvshowid', 'series'),
            (4, 'seasons', 'seasonid', 'season'),
            (5, 'episodes', 'episodeid', 'episode'),
            (6, 'musicvideos', 'musicvideoid', 'music_video'),
            (7, 'artists', 'artistid', 'artist'),
            (8, 'albums', 'albumid', 'album'),
            (9, 'songs', 'songid', 'track')
        ) as k(position, list, id_key, type)
        cross join lateral jsonb_array_elements(pymap._json_list(v_result -> k.list))
            with ordinality as e(entry, position)
        cross join lateral (
            select jsonb_object_agg(
                s.source, case cardinality(s.ids) when 1 then to_jsonb(s.ids[1]) else to_jsonb(s.ids) end
            )
            from (
                select i.source, array_agg(distinct i.id) as ids
                from pymap._kodi_ids(k.type, e.entry) as i
                where i.source <> '' and i.id <> ''
                group by i.source
            ) as s
        ) as x(ids)
    );
end
$function$;

comment on function pymap.items_from_kodi(jsonb) is
$comment$Turns a Kodi answer into items. p_response: the decoded JSON-RPC answer, {"result": {"movies": […]}}, with one
or several of movies, sets, tvshows, seasons, episodes, musicvideos, artists, albums, songs. Returns a JSON
array, list after list in this order: an item per entry, and in place of an entry that can be none {"error":
…, "entry": …}. The parent of a season or an episode is its series, of a song its album, of an album its first
artist. Raises 22023 if p_response is anything else, or is the error that Kodi answered with.$comment$;

revoke all on function pymap.items_from_kodi(jsonb) from public;
grant execute on function pymap.items_from_kodi(jsonb) to pymap_reader;
