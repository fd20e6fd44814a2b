create or replace function pymap.items_from_subsonic(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
declare
    c_known constant text :=
        '^(artists?|album|albumList2?|song|playlists?|searchResult[23]|starred2?'
        '|randomSongs|songsByGenre|topSongs|similarSongs2?)$';
    v_answer constant jsonb := p_response -> 'subsonic-response';
begin
    if v_answer ->> 'status' = 'failed' then
        return pymap._payload_error(
            p_response,
            format(
                'the Subsonic server answered with error %s: %s',
                coalesce(pymap._json_text(v_answer #> '{error,code}'), '(no code)'),
                coalesce(left(pymap._json_text(v_answer #> '{error,message}'), 200), '(no message)')
            ),
            'p_response has to be the answer to a request that succeeded.'
        );
    elsif not exists (
        select
        from pymap._json_fields(v_answer) as f
        -- An empty list can come as an empty string.
        where f.key ~ c_known and (jsonb_typeof(f.value) = 'object' or f.value = '""')
    ) then
        return pymap._payload_error(
            p_response,
            'expected a Subsonic answer, {"subsonic-response": {"searchResult3": {…}}} '
                'or another list of artists, albums, songs or playlists, found '
                || coalesce('subsonic-response as ' || pymap._json_summary(v_answer), pymap._json_summary(p_response)),
            'Ask the server with f=json and pass on the whole answer, decoded from JSON once.'
        );
    end if;

    return (
        select coalesce(jsonb_agg(
            coalesce(
                pymap._unusable_entry(e.entry, t.type, '{id,type,name,title}'),
                pymap._payload_item(
                    p_type => t.type,
                    p_item_id => pymap._json_text(e.entry -> 'id'),
                    p_title => coalesce(pymap._json_text(e.entry -> 'name'), pymap._json_text(e.entry -> 'title')),
                    p_year => pymap._json_integer(e.entry -> 'year'),
                    p_external_ids => jsonb_build_object('musicbrainz', pymap._json_text(e.entry -> 'musicBrainzId')),
                    p_parent_item_id => coalesce(
                        pymap._json_text(e.entry -> case t.type when 'track' then 'albumId' else 'artistId' end),
                        pymap._json_text(e.entry -> 'parent')
                    ),
                    p_disc_number => pymap._json_integer(e.entry -> 'discNumber'),
                    p_track_number => pymap._json_integer(e.entry -> 'track'),
                    p_artist => pymap._json_text(e.entry -> 'artist')
                )
            )
            order by l.position, e.position
        ), '[]')
        from (values
            (1, 'artist', '$.artists.index.artist[*]'::jsonpath),
            (2, 'artist', '$.artist'),
            (3, 'artist', '$.keyvalue() ? (@.key like_regex "^(searchResult|starred)").value.artist[*]'),
            (4, 'album', '$.artist.album[*]'),
            (5, 'album', '$.album'),
            (6, 'album', '$.keyvalue() ? (@.key like_regex "^(searchResult|starred|albumList)").value.album[*]'),
            (7, 'track', '$.song'),
            (8, 'track', '$.*.song[*]'),
            (9, 'playlist', '$.playlist'),
            (10, 'track', '$.playlist.entry[*]'),
            (11, 'playlist', '$.playlists.playlist[*]')
        ) as l(position, type, path)
        -- A lax path also finds the only element where a server sends it without its array.
        cross join lateral jsonb_path_query(v_answer, l.path) with ordinality as e(entry, position)
        cross join lateral (select case when e.entry -> 'isVideo' = 'true' then 'video' else l.type end) as t(type)
    );
end
$function$;

comment on function pymap.items_from_subsonic(jsonb) is
$comment$Turns a Subsonic answer into items. p_response: the decoded JSON (f=json) of search2/3, getStarred/2,
getAlbumList/2, getArtists, getArtist, getAlbum, getSong, getRandomSongs, getSongsByGenre, getTopSongs,
getSimilarSongs/2, getPlaylists or getPlaylist. Returns a JSON array: artists, albums, songs, playlists, each
in the order of the response; an item per entry, and in place of an entry that can be none {"error": …,
"entry": …}. The parent of a song is its album, of an album its artist. Raises 22023 if p_response is anything
else, or is the error that the server answered with.$comment$;

revoke all on function pymap.items_from_subsonic(jsonb) from public;
grant execute on function pymap.items_from_subsonic(jsonb) to pymap_reader;
