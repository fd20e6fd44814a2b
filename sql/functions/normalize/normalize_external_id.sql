create or replace function pymap.normalize_external_id(p_source text, p_external_id text)
returns text[]
language plpgsql
immutable
parallel safe
as $function$
declare
    v_source text := pymap.normalize_external_id_source(p_source);
    v_id text := btrim(p_external_id, E' \t\r\n');
begin
    if v_source in ('tmdb', 'tvdb') and v_id ~ '^[1-9][0-9]{0,17}$' or v_source = 'imdb' and v_id ~ '^tt[1-9][0-9]{6,15}$' then
        return array[v_id];
    end if;
    if v_source is null
       or v_id is null
       or octet_length(v_id) > 1024
       or v_id ~* '^(|0+|unknown|none|null|nan|nil|n/?a|undefined|false|true|-1|0{8}-?0{4}-?0{4}-?0{4}-?0{12})$'
       or v_id ~* '^([a-z][a-z0-9+.-]*://|www\.|@)'
    then
        return '{}';
    end if;
    case
        when v_source = 'imdb' then
            return array(
                select distinct 'tt' || lpad(v_digits, greatest(7, length(v_digits)), '0') collate "C" as v_one
                from regexp_split_to_table(v_id, '[\s,;/|]+') as v_part,
                     ltrim(substring(v_part from '^(?:[tT]{2})?([0-9]{1,18})$'), '0') as v_digits
                where v_digits <> ''
                order by v_one
            );
        when v_source in (
            'tmdb', 'tvdb', 'tvmaze', 'tvrage', 'trakt', 'anidb', 'anilist', 'mal', 'kitsu', 'theaudiodb'
        ) then
            return array(
                select distinct v_digits collate "C" as v_one
                from regexp_split_to_table(v_id, '[\s,;/|]+') as v_part,
                     ltrim(substring(v_part from '^([0-9]{1,18})(?:\.0+)?$'), '0') as v_digits
                where v_digits <> ''
                order by v_one
            );
        when v_source like 'musicbrainz%' then
            return array(
                select distinct v_uuid collate "C" as v_one
                from regexp_split_to_table(lower(v_id), '[\s,;/|]+') as v_part,
                     regexp_replace(
                         v_part,
                         '^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$',
                         '\1-\2-\3-\4-\5'
                     ) as v_uuid
                where v_uuid ~ '^[0-9a-f]{8}-' and length(v_uuid) = 36 and v_uuid !~ '^[0-]+$'
                order by v_one
            );
        else
            return array[v_id];
    end case;
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
