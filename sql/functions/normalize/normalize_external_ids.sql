create or replace function pymap.normalize_external_ids(p_external_ids jsonb, p_media_type text default null)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_element jsonb;
    v_source text;
    v_value text;
    v_id text;
    v_ids text[];
    v_tmdb_ids text[];
    v_is_part constant boolean := coalesce(p_media_type in ('season', 'episode'), false);
    v_has_uris boolean := false;
    v_elements jsonb[] := '{}';
    v_pairs text[] := '{}';
begin
    case jsonb_typeof(p_external_ids)
        when 'array' then
            -- A loop without queries: starting one costs more than all the rest.
            for v_position in 0 .. jsonb_array_length(p_external_ids) - 1 loop
                v_element := p_external_ids -> v_position;
                if jsonb_typeof(v_element) = 'string' and v_element #>> '{}' ~ '^[A-Za-z][A-Za-z0-9_.+-]*://' then
                    v_has_uris := true;
                    continue;
                elsif jsonb_typeof(v_element -> 'source') is distinct from 'string'
                   or coalesce(jsonb_typeof(v_element -> 'id'), '') in ('', 'object', 'array')
                then
                    perform pymap._invalid_argument(
                        'external_ids', p_external_ids::text,
                        'Each element is {"source": "imdb", "id": "tt0133093"} or "imdb://tt0133093".'
                    );
                end if;
                v_source := pymap.normalize_external_id_source(v_element ->> 'source', p_media_type);
                v_value := v_element ->> 'id';
                v_ids := pymap.normalize_external_id(v_source, v_value);
                if v_ids = '{}' and v_source in ('tmdb', 'tvdb') and v_value ~* '^[^a-z0-9]*tt[0-9]+' then
                    v_source := 'imdb';
                    v_ids := pymap.normalize_external_id(v_source, v_value);
                elsif v_source = 'imdb' and left(v_value, 1) <> 't' and v_value ~ '^[^a-z0-9]*[0-9]+[^a-z0-9]*$' then
                    -- Some servers write the TMDB number into the imdb field too; as an imdb ID it is another film.
                    v_tmdb_ids := coalesce(v_tmdb_ids, pymap._tmdb_ids(p_external_ids, p_media_type));
                    continue when ltrim(substr(v_ids[1], 3), '0') = any (v_tmdb_ids);
                elsif v_is_part and strpos(v_value, '/') > 0 and v_value ~ '/(season/|[0-9]{1,4}/[0-9]{1,4}$)' then
                    -- 81189/1/2 is the ID of the series.
                    continue;
                end if;
                foreach v_id in array v_ids loop
                    v_elements := v_elements || (v_element || jsonb_build_object('source', v_source, 'id', v_id));
                    v_pairs := v_pairs || (v_source || ' ' || v_id);
                end loop;
            end loop;
            if v_has_uris then
                return pymap.normalize_external_ids(pymap._without_uris(p_external_ids, p_media_type), p_media_type);
            end if;
            -- An object holds each key once: if it is smaller, some pair occurs again, and its first element stays.
            if jsonb_array_length(jsonb_path_query_array(jsonb_object(v_pairs, v_pairs), '$.*')) < cardinality(v_pairs)
            then
                v_elements := array(
                    select f.element
                    from (
                        select distinct on (u.pair) u.element, u.position
                        from unnest(v_elements, v_pairs) with ordinality as u (element, pair, position)
                        order by u.pair, u.position
                    ) as f
                    order by f.position
                );
            end if;
            return to_jsonb(v_elements);
        when 'object' then
            return pymap.normalize_external_ids(coalesce(
                (
                    select jsonb_agg(jsonb_build_object('source', o.key, 'id', v.id))
                    from jsonb_each(p_external_ids) as o (key, value),
                         jsonb_array_elements(
                             case jsonb_typeof(o.value) when 'array' then o.value else jsonb_build_array(o.value) end
                         ) as v (id)
                ),
                '[]'
            ), p_media_type);
        when 'null' then
            return '[]';
        else
            if p_external_ids is not null then
                perform pymap._invalid_argument(
                    'external_ids', p_external_ids::text,
                    'Give [{"source": "imdb", "id": "tt0133093"}], ["imdb://tt0133093"] or {"imdb": "tt0133093"}.'
                );
            end if;
            return '[]';
    end case;
end
$function$;

comment on function pymap.normalize_external_ids(jsonb, text) is
$comment$External IDs in the form in which media_items.external_ids stores them: [{"source", "id"}, …], every name and
ID canonical, each pair once, without placeholders. Other keys of an element are kept. An imdb ID in the field of tmdb
or tvdb becomes an imdb ID. A number without 'tt' in the field of imdb is dropped if it is the entry's TMDB number.
Parameters: p_external_ids, such an array, or an object {"imdb": "tt0133093", "tvdb": ["1", "2"]}; an element of the
array may be an address as Plex writes it, "imdb://tt0133093"; p_media_type, the type of the item that has the IDs,
NULL if it does not matter.
Returns a jsonb array; '[]' for NULL.
Errors: 22023 if p_external_ids is neither, or if an element is no address and lacks a source or a scalar id.$comment$;

revoke all on function pymap.normalize_external_ids(jsonb, text) from public;
grant execute on function pymap.normalize_external_ids(jsonb, text) to pymap_reader;
