create or replace function pymap.items_from_subsonic(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel unsafe
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_listings constant text := '^(artists|indexes|playlists|videos|searchResult[23])$';
    c_selections constant text :=
        '^(artist|album|albumList2?|song|playlist|starred2?|randomSongs|songsByGenre|topSongs|similarSongs2?'
        '|directory|nowPlaying|shares|podcasts|newestPodcasts|bookmarks|playQueue(ByIndex)?|jukeboxPlaylist)$';
    v_response constant jsonb := pymap._decoded_response(p_response);
    v_answer constant jsonb := case
        when v_response ? 'subsonic-response' then v_response -> 'subsonic-response'
        else v_response
    end;
    v_lists text[];
    v_selection text;
    v_items jsonb;
begin
    if v_response = '[]' or jsonb_typeof(v_response) = 'array' and v_response -> 0 ? 'id' then
        return pymap._items_from_navidrome(v_response);
    elsif v_answer ->> 'status' = 'failed' then
        return pymap._payload_error(
            v_response,
            format(
                'the Subsonic server answered with error %s: %s',
                coalesce(pymap._json_text(v_answer #> '{error,code}'), '(no code)'),
                coalesce(left(pymap._json_text(v_answer #> '{error,message}'), 200), '(no message)')
            ),
            'p_response has to be the answer to a request that succeeded.'
        );
    end if;

    v_lists := array(
        select f.key
        from pymap._json_fields(v_answer) as f
        where (f.key ~ c_listings or f.key ~ c_selections)
            -- An empty list can come as an empty string.
            and (jsonb_typeof(f.value) = 'object' or f.value = '""')
    );
    if v_lists = '{}' then
        return pymap._payload_error(
            v_response,
            'expected a Subsonic answer, {"subsonic-response": {"searchResult3": {…}}} '
                'or another list of artists, albums, songs or playlists, found '
                || coalesce(
                    'subsonic-response as ' || pymap._json_summary(v_response -> 'subsonic-response'),
                    pymap._json_summary(v_response)
                ),
            'Ask the server with f=json and pass on the whole answer, decoded from JSON once.'
        );
    end if;

    select coalesce(jsonb_agg(
        coalesce(
            pymap._unusable_entry(
                e.entry, t.type, '{id,type,name,title}',
                case
                    when l.type = 'podcast' then 'The entry is a podcast, which has no pymap media type.'
                    when l.type = 'track' and t.type = 'track' and e.entry -> 'isDir' = 'true' then
                        'The entry is a folder: isDir is true.'
                end
            ),
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
                p_artist => pymap._json_text(e.entry -> 'artist'),
                p_path => case when l.type in ('track', 'video') then pymap._file_path(e.entry -> 'path') end
            )
        )
        order by l.position, e.position
    ), '[]')
    into v_items
    from (values
        (1, 'artist', '$.artists.index.artist[*]'::jsonpath),
        (2, 'artist', '$.indexes.index.artist[*]'),
        (3, 'artist', '$.artist'),
        (4, 'artist', '$.keyvalue() ? (@.key like_regex "^(searchResult|starred)").value.artist[*]'),
        (5, 'album', '$.artist.album[*]'),
        (6, 'album', '$.album'),
        (7, 'album', '$.keyvalue() ? (@.key like_regex "^(searchResult|starred|albumList)").value.album[*]'),
        (8, 'track', '$.song'),
        (9, 'track', '$.*.song[*]'),
        (10, 'playlist', '$.playlist'),
        (11, 'track', '$.*.entry[*]'),
        (12, 'track', '$.bookmarks.bookmark.entry'),
        (13, 'track', '$.*.child[*]'),
        (14, 'playlist', '$.playlists.playlist[*]'),
        (15, 'video', '$.videos.video[*]'),
        (16, 'track', '$.shares.share.entry[*]'),
        (17, 'podcast', '$.podcasts.channel.episode[*]'),
        (18, 'podcast', '$.newestPodcasts.episode[*]')
    ) as l(position, type, path)
    -- A lax path also finds the only element where a server sends it without its array.
    cross join lateral jsonb_path_query(v_answer, l.path) with ordinality as e(entry, position)
    cross join lateral (select pymap._subsonic_type(l.type, e.entry)) as t(type);

    v_selection := case
        -- Next to its artists, getIndexes lists no songs but those outside every folder.
        when v_answer #> '{indexes,child}' is not null then 'indexes'
        else (select s.name from unnest(v_lists) as s(name) where s.name ~ c_selections order by s.name limit 1)
    end;
    return coalesce(v_items || pymap._listing_selection(v_selection), v_items);
end
$function$;

comment on function pymap.items_from_subsonic(jsonb) is
$comment$Turns a Subsonic answer into items.
p_response: the decoded JSON (f=json) of search2/3, getStarred/2, getAlbumList/2, getArtists, getIndexes, getArtist,
getAlbum, getSong, getRandomSongs, getSongsByGenre, getTopSongs, getSimilarSongs/2, getPlaylists, getPlaylist,
getMusicDirectory, getNowPlaying, getBookmarks, getPlayQueue, getShares, getPodcasts or getVideos, or the content of
subsonic-response alone; or an array of Navidrome's own API. May be JSON text in a JSON string.
Returns a JSON array of artists, albums, songs and playlists, each in the order of the response, with an item for each
entry. An entry that cannot be an item (a folder, a podcast) becomes {"error": …, "entry": …}. The parent of a song is
its album, of an album its artist. If the answer lists a selection, {"listing": {"selection": …}} follows the items;
search2/3 counts as a request for everything.
Errors: 22023 if p_response is anything else, or is an error that the server returned.$comment$;

revoke all on function pymap.items_from_subsonic(jsonb) from public;
grant execute on function pymap.items_from_subsonic(jsonb) to pymap_reader;
