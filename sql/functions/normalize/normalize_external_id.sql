create or replace function pymap.normalize_external_id(p_source text, p_external_id text)
returns text[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_source text := pymap.normalize_external_id_source(p_source);
    v_value text collate "C" := btrim(p_external_id, ' ' || chr(9) || chr(10) || chr(13));
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
    -- What cannot be seen comes along when an ID is copied: byte order mark, zero-width and direction marks.
    if octet_length(v_value) > length(v_value) then
        v_value := btrim(
            translate(
                v_value,
                chr(65279) || chr(8203) || chr(8204) || chr(8205) || chr(8206) || chr(8207) || chr(8288)
                    || chr(8234) || chr(8235) || chr(8236) || chr(8237) || chr(8238)
                    || chr(8294) || chr(8295) || chr(8296) || chr(8297),
                ''
            ),
            ' ' || chr(9) || chr(10) || chr(13)
        );
    end if;
    if v_source is null
       or v_value is null
       or octet_length(v_value) > 1024
       or v_value ~* '^(|0+|unknown|none|null|nan|nil|n/?a|undefined|false|true|-1|0{8}-?0{4}-?0{4}-?0{4}-?0{12})$'
    then
        return '{}';
    end if;
    v_pattern := case
        when v_source = 'imdb' then '^(?:tt)?0*([1-9][0-9]{0,17})$'
        -- TMDB's own links have the title behind the number: 603-the-matrix.
        when v_source = 'tmdb' then '^0*([1-9][0-9]{0,17})(?:[.]0+|-.*)?$'
        when v_source in (
            'tvdb', 'tvmaze', 'tvrage', 'trakt', 'anidb', 'anilist', 'mal', 'kitsu', 'theaudiodb'
        ) then '^0*([1-9][0-9]{0,17})(?:[.]0+)?$'
        when v_source like 'musicbrainz%' then '^(?![0-]+$)([0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12})$'
    end;
    if v_value ~* '^([a-z][a-z0-9+.-]*://|www[.]|@)'
       or v_pattern is not null and v_value ~* '^([a-z0-9-]+[.])+[a-z]+/'
    then
        v_value := pymap._external_id_in_link(v_source, v_value);
        if v_value is null then
            return '{}';
        end if;
    end if;
    if v_pattern is null then
        return array[v_value];
    end if;
    v_value := lower(v_value);
    -- 81189/1/2, 1396/season/1/episode/2: a series, and numbers within it
    if v_value ~ '^[^/,;|[:space:]]+/(season/|[0-9]{1,4}/[0-9]{1,4}$)' or v_value ~ '^tt[0-9]+/[0-9]{1,4}$' then
        v_value := split_part(v_value, '/', 1);
    end if;
    foreach v_part in array regexp_split_to_array(v_value, '[[:space:],;/|]+') loop
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
$comment$The canonical spelling of an external ID; several if the value is a list. An imdb ID is 'tt' and at least
seven digits. Numeric sources (tmdb, tvdb, …) lose leading zeros and '.0'. MusicBrainz IDs are lower-case UUIDs. A
link to a page of the provider, TMDB's 603-the-matrix and a series' 81189/1/2 hold one ID. IDs of unknown sources stay
as they are, without invisible characters.
Parameters: p_source in any spelling; p_external_id as the server gave it.
Returns text[], sorted; empty if the value is no ID: '', '0', an all-zero GUID, 'unknown', another link, or a value
that cannot be an ID of this source.$comment$;

revoke all on function pymap.normalize_external_id(text, text) from public;
grant execute on function pymap.normalize_external_id(text, text) to pymap_reader;
