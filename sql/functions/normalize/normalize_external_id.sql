create or replace function pymap.normalize_external_id(p_source text, p_external_id text)
returns text[]
language plpgsql
immutable
parallel safe
as $function$
declare
    v_source text := pymap.normalize_external_id_source(p_source);
    v_value text collate "C" := btrim(p_external_id, E' \t\r\n');
    v_pattern text;
    v_part text;
    v_ids text[] := '{}';
begin
    -- Most IDs are canonical already.
    if v_source = 'imdb' and v_value ~ '^tt(?!0{7}$)([0-9]{7}|[1-9][0-9]{7,17})$'
       or v_source in ('tmdb', 'tvdb') and v_value ~ '^[1-9][0-9]{0,17}$'
       or v_source like 'musicbrainz%' and v_value ~ '^(?![0-]+$)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    then
        return array[v_value];
    end if;
    if v_source is null
       or v_value is null
       or octet_length(v_value) > 1024
       or v_value ~* '^(|0+|unknown|none|null|nan|nil|n/?a|undefined|false|true|-1|0{8}-?0{4}-?0{4}-?0{4}-?0{12})$'
       or v_value ~* '^([a-z][a-z0-9+.-]*://|www\.|@)'
    then
        return '{}';
    end if;
    v_pattern := case
        when v_source = 'imdb' then '^(?:tt)?0*([1-9][0-9]{0,17})$'
        when v_source in (
            'tmdb', 'tvdb', 'tvmaze', 'tvrage', 'trakt', 'anidb', 'anilist', 'mal', 'kitsu', 'theaudiodb'
        ) then '^0*([1-9][0-9]{0,17})(?:\.0+)?$'
        when v_source like 'musicbrainz%' then '^(?![0-]+$)([0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12})$'
    end;
    if v_pattern is null then
        return array[v_value];
    end if;
    foreach v_part in array regexp_split_to_array(lower(v_value), '[\s,;/|]+') loop
        v_part := substring(v_part from v_pattern);
        if v_part is not null then
            v_ids := v_ids || case
                when v_source = 'imdb' then 'tt' || lpad(v_part, greatest(7, length(v_part)), '0')
                when v_source like 'musicbrainz%' then v_part::uuid::text
                else v_part
            end;
        end if;
    end loop;
    if cardinality(v_ids) > 1 then
        v_ids := array(select distinct i.id collate "C" as id from unnest(v_ids) as i (id) order by id);
    end if;
    return v_ids;
end
$function$;

comment on function pymap.normalize_external_id(text, text) is
$comment$The canonical spelling of an external ID; several where the value is a list.
imdb is 'tt' and at least seven digits; numeric sources (tmdb, tvdb, …) lose leading zeros and '.0'; MusicBrainz IDs
are lower-case UUIDs. IDs of sources that pymap does not know stay as they are.
Parameters: p_source in any spelling; p_external_id as the server gave it.
Returns text[], sorted; empty where the value is no ID: '', '0', an all-zero GUID, 'unknown', a link, or one that
cannot be an ID of this source.$comment$;

revoke all on function pymap.normalize_external_id(text, text) from public;
grant execute on function pymap.normalize_external_id(text, text) to pymap_reader;
