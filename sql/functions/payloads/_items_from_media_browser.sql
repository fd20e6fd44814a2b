create or replace function pymap._items_from_media_browser(p_response jsonb, p_server text)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
declare
    c_types constant jsonb := '{
        "Movie": "movie", "Series": "series", "Season": "season", "Episode": "episode",
        "MusicArtist": "artist", "MusicAlbum": "album", "Audio": "track", "MusicVideo": "music_video",
        "Playlist": "playlist", "BoxSet": "collection", "Photo": "photo",
        "Book": "book", "AudioBook": "audiobook", "Video": "video"
    }';
begin
    if jsonb_typeof(p_response -> 'Items') is distinct from 'array' then
        return pymap._payload_error(
            p_response,
            format('expected an answer of %s, {"Items": […]}, found %s', p_server, pymap._json_summary(p_response)),
            format(
                'Pass on the whole answer of %s to GET /Items with Fields=ProviderIds, decoded from JSON once.',
                p_server
            )
        );
    end if;

    return (
        select coalesce(jsonb_agg(
            coalesce(
                pymap._unusable_entry(e.entry, t.type, '{Id,Type,Name}'),
                pymap._payload_item(
                    p_type => t.type,
                    p_item_id => pymap._json_text(e.entry -> 'Id'),
                    p_title => pymap._json_text(e.entry -> 'Name'),
                    p_year => pymap._json_integer(e.entry -> 'ProductionYear'),
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
                    )
                )
            )
            order by e.position
        ), '[]')
        from jsonb_array_elements(p_response -> 'Items') with ordinality as e(entry, position)
        cross join lateral (select c_types ->> (e.entry ->> 'Type')) as t(type)
        cross join lateral (
            select jsonb_object_agg(i.source, i.id)
            from pymap._media_browser_ids(t.type, e.entry -> 'ProviderIds') as i
            where i.source <> ''
        ) as x(ids)
    );
end
$function$;

comment on function pymap._items_from_media_browser(jsonb, text) is
$comment$Private. Reads the answers of Emby and of Jellyfin, which descend from the same server, MediaBrowser; p_server
is the name for error messages.$comment$;

revoke all on function pymap._items_from_media_browser(jsonb, text) from public;
grant execute on function pymap._items_from_media_browser(jsonb, text) to pymap_reader;
