-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._kodi_entries(p_result jsonb)
returns table (list integer, "position" bigint, id_key text, type text, entry jsonb)
language sql
immutable
parallel safe
as $function$
    select k.position, e.position, k.id_key, k.type, e.entry
    from (values
        (1, 'movies', 'movieid', 'movie'),
        (2, 'sets', 'setid', 'collection'),
        (3, 'tvshows', 'tvshowid', 'series'),
        (4, 'seasons', 'seasonid', 'season'),
        (5, 'episodes', 'episodeid', 'episode'),
        (6, 'musicvideos', 'musicvideoid', 'music_video'),
        (7, 'artists', 'artistid', 'artist'),
        (8, 'albums', 'albumid', 'album'),
        (9, 'songs', 'songid', 'track'),
        (10, 'moviedetails', 'movieid', 'movie'),
        (11, 'setdetails', 'setid', 'collection'),
        (12, 'tvshowdetails', 'tvshowid', 'series'),
        (13, 'seasondetails', 'seasonid', 'season'),
        (14, 'episodedetails', 'episodeid', 'episode'),
        (15, 'musicvideodetails', 'musicvideoid', 'music_video'),
        (16, 'artistdetails', 'artistid', 'artist'),
        (17, 'albumdetails', 'albumid', 'album'),
        (18, 'songdetails', 'songid', 'track')
    ) as k(position, list, id_key, type)
    cross join lateral jsonb_array_elements(pymap._json_list(p_result -> k.list))
        with ordinality as e(entry, position)
    union all
    -- What is played, and what a folder or a playlist holds: each entry names its own type.
    select k.position, e.position, 'id', '{
        "movie": "movie", "set": "collection", "tvshow": "series", "season": "season", "episode": "episode",
        "musicvideo": "music_video", "artist": "artist", "album": "album", "song": "track"
    }'::jsonb ->> (e.entry ->> 'type'), e.entry
    from (values (19, 'item'), (20, 'items'), (21, 'files')) as k(position, list)
    cross join lateral jsonb_array_elements(pymap._json_list(p_result -> k.list))
        with ordinality as e(entry, position)
$function$;

comment on function pymap._kodi_entries(jsonb) is
$comment$Private. The entries of the result of a Kodi request. list is the position of the list, position that of the
entry in the list, id_key the key of the entry's ID, type its media type, NULL if it has none.$comment$;

revoke all on function pymap._kodi_entries(jsonb) from public;
grant execute on function pymap._kodi_entries(jsonb) to pymap_reader;
