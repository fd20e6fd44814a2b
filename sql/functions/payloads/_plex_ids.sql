create or replace function pymap._plex_ids(p_entry jsonb)
returns table (source text, id text)
language sql
immutable
parallel safe
as $function$
    select
        case
            -- plex://episode/5d9c…: an ID of the kind that the entry is
            when g.scheme = 'plex' then case when g.id = p_entry ->> 'type' then 'plex' end
            -- Plex knows a track by its place on a release, not by its recording.
            when g.scheme = 'mbid' then
                case p_entry ->> 'type' when 'track' then 'musicbrainz_track' else 'musicbrainz' end
            when g.scheme in ('local', 'none', 'collection', 'file', 'http', 'https') then null
            when g.scheme not like '%.%' then g.scheme
            -- tv.plex.agents.nfo.movie://movie/tmdb_238: the kind of the entry, a provider and its ID
            when g.scheme like 'tv.plex.agents.%' then
                case when g.id = p_entry ->> 'type' then substring(g.rest from '^([a-z]+)[_-][0-9a-z-]+$') end
            -- A legacy agent names a season or an episode by its series' ID and numbers.
            when p_entry ->> 'type' in ('season', 'episode') then null
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
    from jsonb_array_elements(
        pymap._json_list(p_entry -> 'Guid') || jsonb_build_object('id', p_entry -> 'guid')
    ) as u(guid)
    -- scheme://id?… or scheme://id/rest?…; OFFSET 0: taken apart once, not once for each mention of a part
    cross join lateral (
        select string_to_array(split_part(pymap._json_text(u.guid -> 'id'), '?', 1), '/') offset 0
    ) as p(part)
    cross join lateral (select lower(rtrim(p.part[1], ':')), p.part[3], p.part[4] offset 0) as g(scheme, id, rest)
    where p.part[1] like '_%:' and p.part[2] = ''
    offset 0
$function$;

comment on function pymap._plex_ids(jsonb) is
$comment$Private. The external IDs of a Plex entry from its guid and its Guid list: imdb, tt0133093; plex,
5d776825880197001ec90ed4. IDs of something else than the entry itself, and IDs that hold on this server only,
have no source.$comment$;

revoke all on function pymap._plex_ids(jsonb) from public;
grant execute on function pymap._plex_ids(jsonb) to pymap_reader;
