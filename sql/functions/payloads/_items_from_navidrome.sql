create or replace function pymap._items_from_navidrome(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return (
        select coalesce(jsonb_agg(
            coalesce(
                pymap._unusable_entry(
                    e.entry, t.type, '{id,type,name,title}',
                    case when t.type is null and jsonb_typeof(e.entry) = 'object' then
                        'The entry does not show whether it is an artist, an album, a song or a playlist.'
                    end
                ),
                pymap._payload_item(
                    p_type => t.type,
                    -- In a playlist the ID is the place, the song's stands beside it.
                    p_item_id => pymap._json_text(coalesce(e.entry -> 'mediaFileId', e.entry -> 'id')),
                    p_title => coalesce(pymap._json_text(e.entry -> 'title'), pymap._json_text(e.entry -> 'name')),
                    p_year => pymap._json_year(e.entry -> case t.type when 'album' then 'maxYear' else 'year' end),
                    p_external_ids => case t.type
                        when 'artist' then jsonb_build_object('musicbrainz', pymap._json_text(e.entry -> 'mbzArtistId'))
                        when 'album' then jsonb_build_object(
                            'musicbrainz', pymap._json_text(e.entry -> 'mbzAlbumId'),
                            'musicbrainz_release_group', pymap._json_text(e.entry -> 'mbzReleaseGroupId')
                        )
                        when 'track' then jsonb_build_object(
                            'musicbrainz', pymap._json_text(e.entry -> 'mbzRecordingID'),
                            'musicbrainz_track', pymap._json_text(e.entry -> 'mbzReleaseTrackId')
                        )
                    end,
                    p_parent_item_id => pymap._json_text(
                        e.entry -> case t.type when 'track' then 'albumId' else 'albumArtistId' end
                    ),
                    p_disc_number => pymap._json_integer(e.entry -> 'discNumber'),
                    p_track_number => pymap._json_integer(e.entry -> 'trackNumber'),
                    p_artist => coalesce(
                        case t.type when 'track' then pymap._json_text(e.entry -> 'artist') end,
                        pymap._json_text(e.entry -> 'albumArtist')
                    ),
                    p_path => case t.type when 'track' then pymap._file_path(e.entry -> 'path') end
                )
            )
            order by e.position
        ), '[]')
        from jsonb_array_elements(p_response) with ordinality as e(entry, position)
        cross join lateral (
            select case
                when e.entry ?& '{title,albumId}' then 'track'
                when not e.entry ? 'name' then null
                when e.entry ?| '{ownerId,ownerName}' then 'playlist'
                when e.entry ? 'albumArtistId' then 'album'
                when e.entry ?| '{orderArtistName,mbzArtistId,albumCount}' then 'artist'
            end
        ) as t(type)
    ) || coalesce(pymap._listing_selection(case when p_response -> 0 ? 'mediaFileId' then 'playlist' end), '[]');
end
$function$;

comment on function pymap._items_from_navidrome(jsonb) is
$comment$Private. Reads the arrays that Navidrome's own API returns: /api/song, /api/album, /api/artist, /api/playlist
and its tracks. Item IDs are those of its Subsonic API.$comment$;

revoke all on function pymap._items_from_navidrome(jsonb) from public;
grant execute on function pymap._items_from_navidrome(jsonb) to pymap_reader;
