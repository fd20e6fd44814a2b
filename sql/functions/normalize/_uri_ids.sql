-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._uri_ids(p_uris jsonb, p_media_type text)
returns table (source text, id text)
language sql
immutable
parallel safe
as $function$
    select
        case
            -- plex://episode/5d9c…: an ID of the kind that the entry is
            when g.scheme = 'plex' then
                case when g.id = coalesce(replace(p_media_type, 'series', 'show'), g.id) then 'plex' end
            -- Plex knows a track by its place on a release, not by its recording.
            when g.scheme = 'mbid' then case p_media_type when 'track' then 'musicbrainz_track' else 'musicbrainz' end
            when g.scheme in ('local', 'none', 'collection', 'file', 'http', 'https') then null
            when g.scheme not like '%.%' then g.scheme
            -- tv.plex.agents.nfo.movie://movie/tmdb_238: the kind of the entry, a provider and its ID
            when g.scheme like 'tv.plex.agents.%' then
                case
                    when g.id = coalesce(replace(p_media_type, 'series', 'show'), g.id) then
                        substring(g.rest from '^([a-z]+)[_-][0-9a-z-]+$')
                end
            -- A legacy agent names a season or an episode by its series' ID and numbers.
            when p_media_type in ('season', 'episode') then null
            when g.scheme = 'com.plexapp.agents.hama' then substring(g.id from '^([a-z]+)[0-9]?-')
            when g.scheme like 'com.plexapp.agents.xbmcnfo%' then case
                when g.id like 'tt%' then 'imdb'
                when g.scheme = 'com.plexapp.agents.xbmcnfotv' and g.id ~ '^[0-9]+$' then 'tvdb'
            end
            when g.scheme like '%.myanimelist' then 'mal'
            else '{
                "com.plexapp.agents.imdb": "imdb",
                "com.plexapp.agents.themoviedb": "tmdb",
                "com.plexapp.agents.thetvdb": "tvdb",
                "com.plexapp.agents.thetvdbdvdorder": "tvdb"
            }'::jsonb ->> g.scheme
        end,
        case
            when g.scheme = 'plex' then g.rest
            when g.scheme = 'com.plexapp.agents.hama' then substring(g.id from '-(.+)$')
            when g.scheme like 'tv.plex.agents.%' then substring(g.rest from '^[a-z]+[_-](.+)$')
            else g.id
        end
    from jsonb_array_elements(p_uris) as u(uri)
    -- scheme://id?… or scheme://id/rest?…; OFFSET 0: taken apart once, not once for each mention of a part
    cross join lateral (
        select string_to_array(split_part(pymap._json_text(u.uri), '?', 1), '/') offset 0
    ) as p(part)
    cross join lateral (select lower(rtrim(p.part[1], ':')), p.part[3], p.part[4] offset 0) as g(scheme, id, rest)
    where p.part[1] like '_%:' and p.part[2] = ''
    offset 0
$function$;

comment on function pymap._uri_ids(jsonb, text) is
$comment$Private. The external IDs in a JSON array of addresses as Plex writes them, for an item of type p_media_type
(NULL for any): imdb, tt0133093 from "imdb://tt0133093"; plex, 5d776825880197001ec90ed4 from
"plex://movie/5d776825880197001ec90ed4". IDs of something other than the item, and IDs that are valid on one server
only, have no source.$comment$;

revoke all on function pymap._uri_ids(jsonb, text) from public;
grant execute on function pymap._uri_ids(jsonb, text) to pymap_reader;
