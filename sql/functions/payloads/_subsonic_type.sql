create or replace function pymap._subsonic_type(p_list_type text, p_entry jsonb)
returns text
language sql
immutable
parallel safe
as $function$
    select case
        when p_list_type = 'podcast' then null
        when p_list_type <> 'track' then p_list_type
        when p_entry @> '{"isVideo": true}' then 'video'
        when p_entry @> '{"isDir": true}' and p_entry ->> 'mediaType' in ('album', 'artist') then
            p_entry ->> 'mediaType'
        else case p_entry ->> 'type' when 'video' then 'video' when 'audiobook' then 'audiobook' when 'podcast' then null
            else 'track' end
    end
$function$;

comment on function pymap._subsonic_type(text, jsonb) is
$comment$Private. The media type of a Subsonic entry from a list of p_list_type. A list of songs can hold videos,
audiobooks and, in a folder, albums. NULL for a podcast, which has no media type.$comment$;

revoke all on function pymap._subsonic_type(text, jsonb) from public;
grant execute on function pymap._subsonic_type(text, jsonb) to pymap_reader;
