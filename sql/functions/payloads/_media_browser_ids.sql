create or replace function pymap._media_browser_ids(p_type text, p_provider_ids jsonb)
returns table (source text, id text)
language sql
immutable
parallel safe
as $function$
    select case when k.sources is null then f.key else k.sources ->> p_type end, pymap._json_text(f.value)
    from pymap._json_fields(p_provider_ids) as f
    -- What these providers identify: the TmdbCollection of a film is its collection,
    -- the MusicBrainzAlbum of a track its album.
    cross join lateral (select '{
        "tmdbcollection": {"collection": "tmdb"},
        "tvdbcollection": {"collection": "tvdb"},
        "musicbrainzartist": {"artist": "musicbrainz"},
        "musicbrainzalbumartist": {},
        "musicbrainzalbum": {"album": "musicbrainz"},
        "musicbrainzreleasegroup": {"album": "musicbrainz_release_group"},
        "musicbrainztrack": {"track": "musicbrainz_track"},
        "musicbrainzrecording": {"track": "musicbrainz"},
        "audiodbartist": {"artist": "theaudiodb"},
        "audiodbalbum": {"album": "theaudiodb"}
    }'::jsonb -> lower(f.key)) as k(sources)
$function$;

comment on function pymap._media_browser_ids(text, jsonb) is
$comment$Private. The external IDs of an Emby or Jellyfin entry of media type p_type from its ProviderIds. IDs of
something other than the entry have no source.$comment$;

revoke all on function pymap._media_browser_ids(text, jsonb) from public;
grant execute on function pymap._media_browser_ids(text, jsonb) to pymap_reader;
