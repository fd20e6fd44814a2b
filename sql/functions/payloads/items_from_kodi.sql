create or replace function pymap.items_from_kodi(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel unsafe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_response constant jsonb := pymap._decoded_response(p_response);
    v_result constant jsonb := pymap._kodi_result(v_response);
    c_lists constant text[] := '{movies,sets,tvshows,seasons,episodes,musicvideos,artists,albums,songs}';
    c_selections constant text[] :=
        '{moviedetails,setdetails,tvshowdetails,seasondetails,episodedetails,musicvideodetails,'
        'artistdetails,albumdetails,songdetails,item,items,files}';
    v_items jsonb;
    v_count integer;
    v_first text;
begin
    if jsonb_typeof(v_response) = 'array' and v_response <> '[]' then
        -- A batch: the answers as if they had come one after the other.
        return (
            select coalesce(jsonb_agg(i.item order by a.position, i.position), '[]')
            from jsonb_array_elements(v_response) with ordinality as a(answer, position)
            cross join lateral jsonb_array_elements(pymap.items_from_kodi(a.answer)) with ordinality as i(item, position)
        );
    elsif jsonb_typeof(v_response -> 'error') <> 'null' then
        return pymap._payload_error(
            v_response,
            format(
                'Kodi answered with error %s: %s',
                coalesce(pymap._json_text(v_response #> '{error,code}'), '(no code)'),
                coalesce(left(pymap._json_text(v_response #> '{error,message}'), 200), '(no message)')
            ),
            'Correct the JSON-RPC request; p_response has to be the answer to a request that succeeded.'
        );
    elsif not coalesce(
        jsonb_typeof(v_result) = 'object' and v_result ?| (c_lists || c_selections)
        -- Where nothing is left to list, Kodi sends the limits and no list at all.
        or pymap._json_integer(v_result #> '{limits,start}') >= pymap._json_integer(v_result #> '{limits,total}'),
        false
    ) then
        return pymap._payload_error(
            v_response,
            format(
                'expected a Kodi answer, {"result": {"movies": […]}} or another of %s, found %s',
                array_to_string(c_lists[2:], ', '),
                coalesce(
                    'result as ' || pymap._json_summary(v_response -> 'result'), pymap._json_summary(v_response)
                )
            ),
            'Post a JSON-RPC request to /jsonrpc, such as VideoLibrary.GetMovies with the properties title, year, uniqueid '
                'and file, and pass on the whole answer, decoded from JSON once.'
        );
    end if;

    select
        coalesce(jsonb_agg(
            coalesce(
                pymap._unusable_entry(
                    e.entry, e.type, array[e.id_key, 'type', 'title', 'label'],
                    case
                        when v_response ->> 'method' like '%.OnRemove' then
                            'Kodi notifies that the entry was removed.'
                        -- Kodi writes -1 for what is not in its library.
                        when e.id = '-1' and e.type is not null then format('The entry has no ID: %s is -1.', e.id_key)
                    end
                ),
                pymap._payload_item(
                    p_type => e.type,
                    p_item_id => e.id,
                    p_title => coalesce(pymap._json_text(e.entry -> 'title'), pymap._json_text(e.entry -> 'label')),
                    -- No date is that of Windows, 1601-01-01.
                    p_year => coalesce(
                        nullif(pymap._json_year(e.entry -> 'year'), 1601),
                        nullif(pymap._json_year(e.entry -> 'premiered'), 1601)
                    ),
                    p_external_ids => x.ids,
                    p_parent_item_id => nullif(pymap._json_text(case e.type
                        when 'track' then e.entry -> 'albumid'
                        when 'album' then pymap._json_list(e.entry -> 'artistid') -> 0
                        else e.entry -> 'tvshowid'
                    end), '-1'),
                    p_season_number => pymap._json_integer(e.entry -> 'season'),
                    p_episode_number => pymap._json_integer(e.entry -> 'episode'),
                    p_disc_number => pymap._json_integer(e.entry -> 'disc'),
                    p_track_number => pymap._json_integer(e.entry -> 'track'),
                    p_artist => coalesce(
                        pymap._json_text(e.entry -> 'displayartist'),
                        pymap._json_text(pymap._json_list(e.entry -> 'artist') -> 0)
                    ),
                    p_path => pymap._file_path(e.entry -> 'file')
                )
            )
            order by e.list, e.position
        ), '[]'),
        count(*),
        (array_agg(e.id order by e.list, e.position))[1]
    into v_items, v_count, v_first
    from (
        select k.*, pymap._json_text(k.entry -> k.id_key) as id
        from pymap._kodi_entries(v_result) as k
    ) as e
    cross join lateral (
        select jsonb_object_agg(
            s.source, case cardinality(s.ids) when 1 then to_jsonb(s.ids[1]) else to_jsonb(s.ids) end
        )
        from (
            select i.source, array_agg(distinct i.id) as ids
            from pymap._kodi_ids(e.type, e.entry) as i
            where i.source <> '' and i.id <> ''
            group by i.source
        ) as s
    ) as x(ids);

    return coalesce(v_items || coalesce(
        pymap._listing_selection(case when v_response ? 'method' then 'notification' end),
        pymap._listing_selection((select s.name from unnest(c_selections) as s(name) where v_result ? s.name limit 1)),
        pymap._listing_page(v_result #> '{limits,total}', v_result #> '{limits,start}', v_count, v_first)
    ), v_items);
end
$function$;

comment on function pymap.items_from_kodi(jsonb) is
$comment$Turns a Kodi answer into items.
p_response: the decoded JSON-RPC answer, {"result": {"movies": […]}}, with one or several of movies, sets, tvshows,
seasons, episodes, musicvideos, artists, albums, songs; also the details of one entry (moviedetails), Player.GetItem,
Playlist.GetItems, Files.GetDirectory, the result without its envelope, a notification about an item, or a batch,
which is an array of answers. May be JSON text in a JSON string.
Returns a JSON array, list after list in this order, with an item for each entry. An entry that cannot be an item
becomes {"error": …, "entry": …}. The parent of a season or an episode is its series, of a song its album, of an album
its first artist. If the answer is not a whole listing, {"listing": …} follows the items: its total, start and count,
or the name of the selection.
Errors: 22023 if p_response is anything else, or is an error that Kodi returned.$comment$;

revoke all on function pymap.items_from_kodi(jsonb) from public;
grant execute on function pymap.items_from_kodi(jsonb) to pymap_reader;
