create or replace function pymap._kodi_ids(p_type text, p_entry jsonb)
returns table (source text, id text)
language sql
immutable
parallel safe
as $function$
    -- "unknown" is the ID of whichever scraper filled the library.
    select nullif(lower(u.key), 'unknown'), pymap._json_text(u.value)
    from pymap._json_fields(p_entry -> 'uniqueid') as u
    union all
    -- imdbnumber holds the ID of that scraper too, often no IMDb ID at all.
    select 'imdb', p_entry ->> 'imdbnumber'
    where p_entry ->> 'imdbnumber' ~ '^tt[0-9]+$' and pymap._json_text(p_entry #> '{uniqueid,imdb}') is null
    union all
    select 'musicbrainz', pymap._json_text(m.id)
    from jsonb_array_elements(pymap._json_list(p_entry -> case p_type
        when 'artist' then 'musicbrainzartistid'
        when 'album' then 'musicbrainzalbumid'
        -- Like the tag that it comes from, Kodi's "track ID" is the recording's.
        when 'track' then 'musicbrainztrackid'
    end)) as m(id)
    union all
    select 'musicbrainz_release_group', pymap._json_text(p_entry -> 'musicbrainzreleasegroupid')
    where p_type = 'album'
$function$;

comment on function pymap._kodi_ids(text, jsonb) is
$comment$Private. The external IDs of a Kodi entry of media type p_type. IDs in an unspecific namespace have no
source.$comment$;

revoke all on function pymap._kodi_ids(text, jsonb) from public;
grant execute on function pymap._kodi_ids(text, jsonb) to pymap_reader;
