create or replace function pymap._is_known_source(p_source text)
returns boolean
language sql
immutable
parallel safe
return p_source in (
    'imdb', 'tmdb', 'tvdb', 'musicbrainz', 'musicbrainz_track', 'musicbrainz_release_group', 'plex', 'tvmaze', 'tvrage',
    'trakt', 'anidb', 'anilist', 'mal', 'kitsu', 'theaudiodb'
);

comment on function pymap._is_known_source(text) is
'Private. Whether pymap knows what the IDs of a provider identify.';

revoke all on function pymap._is_known_source(text) from public;
grant execute on function pymap._is_known_source(text) to pymap_reader;
