create or replace function pymap._items_from_media_browser(p_response jsonb, p_server text)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_types constant jsonb := '{
        "Movie": "movie", "Series": "series", "Season": "season", "Episode": "episode",
        "MusicArtist": "artist", "MusicAlbum": "album", "Audio": "track", "MusicVideo": "music_video",
        "Playlist": "playlist", "BoxSet": "collection", "Photo": "photo",
        "Book": "book", "AudioBook": "audiobook", "Video": "video"
    }';
    v_first constant jsonb := case jsonb_typeof(p_response) when 'array' then p_response -> 0 end;
    v_response constant jsonb := case
        when coalesce(v_first, p_response) ?| '{items,searchHints,id,recommendationType}' then pymap._capitalised_keys(p_response)
        else p_response
    end;
    v_selection constant text := case
        when jsonb_typeof(v_response -> 'Item') = 'object' and v_response ? 'Event' then 'webhook'
        when v_response ?& '{NotificationType,ItemId,ItemType}' then 'notification'
        when v_response -> 0 ? 'RecommendationType' then 'recommendations'
        when v_response #> '{Items,0}' ? 'PlaylistItemId' then 'playlist'
        when jsonb_typeof(v_response -> 'Items') = 'array' then null
        when jsonb_typeof(v_response -> 'SearchHints') = 'array' then 'search'
        when v_first ?| '{Id,id}' or v_response = '[]' then 'latest'
        when v_response ?& '{Id,Type}' then 'item'
    end;
    v_entries constant jsonb := case
        when v_selection = 'webhook' then jsonb_build_array(v_response -> 'Item')
        when v_selection = 'notification' then jsonb_build_array(pymap._jellyfin_notified_item(v_response))
        when v_selection = 'recommendations' then jsonb_path_query_array(v_response, '$[*].Items[*]')
        when v_selection is null or v_selection = 'playlist' then v_response -> 'Items'
        when v_selection = 'search' then v_response -> 'SearchHints'
        when v_selection = 'latest' then v_response
        else jsonb_build_array(v_response)
    end;
    v_items jsonb;
begin
    if jsonb_typeof(v_entries) is distinct from 'array' then
        return pymap._payload_error(
            p_response,
            format('expected an answer of %s, {"Items": […]}, found %s', p_server, pymap._json_summary(p_response)),
            format(
                'Ask %s with the header "Accept: application/json", for instance GET /Items with '
                'Fields=ProviderIds,Path, and pass on the whole answer, decoded from JSON once.',
                p_server
            )
        );
    end if;

    select coalesce(jsonb_agg(
        coalesce(
            pymap._unusable_entry(
                e.entry, t.type, '{Id,Type,Name}', coalesce(
                    case when v_response ->> 'Event' = 'library.deleted' or v_response ->> 'NotificationType' = 'ItemDeleted'
                        then 'The server notifies that the entry was deleted.'
                    end,
                    pymap._media_browser_problem(e.entry)
                )
            ),
            pymap._payload_item(
                p_type => t.type,
                p_item_id => pymap._json_text(e.entry -> 'Id'),
                p_title => pymap._json_text(e.entry -> 'Name'),
                p_year => coalesce(
                    pymap._json_year(e.entry -> 'ProductionYear'), pymap._json_year(e.entry -> 'PremiereDate')
                ),
                p_external_ids => x.ids,
                p_parent_item_id => case t.type
                    when 'track' then pymap._json_text(e.entry -> 'AlbumId')
                    when 'album' then coalesce(
                        pymap._json_text(e.entry #> '{AlbumArtists,0,Id}'),
                        pymap._json_text(e.entry #> '{ArtistItems,0,Id}')
                    )
                    else pymap._json_text(e.entry -> 'SeriesId')
                end,
                p_season_number => pymap._json_integer(
                    e.entry -> case t.type when 'season' then 'IndexNumber' else 'ParentIndexNumber' end
                ),
                p_episode_number => pymap._json_integer(e.entry -> 'IndexNumber'),
                p_disc_number => pymap._json_integer(e.entry -> 'ParentIndexNumber'),
                p_track_number => pymap._json_integer(e.entry -> 'IndexNumber'),
                p_artist => coalesce(
                    case t.type when 'track' then pymap._json_text(e.entry #> '{Artists,0}') end,
                    case t.type when 'track' then pymap._json_text(e.entry #> '{ArtistItems,0,Name}') end,
                    pymap._json_text(e.entry -> 'AlbumArtist'),
                    pymap._json_text(e.entry #> '{AlbumArtists,0,Name}'),
                    pymap._json_text(e.entry #> '{Artists,0}')
                ),
                p_path => pymap._file_path(e.entry -> 'Path')
            )
        )
        order by e.position
    ), '[]')
    into v_items
    from jsonb_array_elements(v_entries) with ordinality as e(entry, position)
    cross join lateral (select c_types ->> (e.entry ->> 'Type')) as t(type)
    cross join lateral (
        select jsonb_object_agg(i.source, i.id)
        from pymap._media_browser_ids(t.type, e.entry -> 'ProviderIds') as i
        where i.source <> ''
    ) as x(ids);

    return coalesce(v_items || coalesce(
        pymap._listing_selection(v_selection),
        pymap._listing_page(
            v_response -> 'TotalRecordCount',
            v_response -> 'StartIndex',
            jsonb_array_length(v_entries),
            pymap._json_text(v_entries #> '{0,Id}')
        )
    ), v_items);
end
$function$;

comment on function pymap._items_from_media_browser(jsonb, text) is
$comment$Private. Reads the answers of Emby and Jellyfin, which descend from the same server, MediaBrowser. p_server
is the name for error messages.$comment$;

revoke all on function pymap._items_from_media_browser(jsonb, text) from public;
grant execute on function pymap._items_from_media_browser(jsonb, text) to pymap_reader;
