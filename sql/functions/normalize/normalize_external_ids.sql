create or replace function pymap.normalize_external_ids(p_external_ids jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
begin
    case jsonb_typeof(p_external_ids)
        when 'array' then
            -- Most arrays are canonical already.
            if not p_external_ids @? '$[*] ? (!(
                    @.id.type() == "string"
                    && (@.source == "imdb" && @.id like_regex "^tt([0-9]{7}|[1-9][0-9]{7,15})$" && @.id != "tt0000000"
                        || (@.source == "tmdb" || @.source == "tvdb") && @.id like_regex "^[1-9][0-9]{0,17}$")
               ))'
               and (
                   jsonb_array_length(p_external_ids) < 2
                   or jsonb_array_length(p_external_ids) = (
                       select count(distinct (e ->> 'source', e ->> 'id')) from jsonb_array_elements(p_external_ids) as e
                   )
               )
            then
                return p_external_ids;
            end if;
            if exists (
                select from jsonb_array_elements(p_external_ids) as e (element)
                where coalesce(jsonb_typeof(e.element -> 'source'), '') <> 'string'
                   or coalesce(jsonb_typeof(e.element -> 'id'), '') in ('', 'object', 'array')
            ) then
                perform pymap._invalid_argument(
                    'external_ids', p_external_ids::text,
                    'Each element is {"source": "imdb", "id": "tt0133093"}.'
                );
            end if;
            return coalesce(
                (
                    select jsonb_agg(c.element order by c.position)
                    from (
                        select distinct on (s.source, i.id)
                            e.element || jsonb_build_object('source', s.source, 'id', i.id) as element,
                            row_number() over (order by e.position, i.position) as position
                        from jsonb_array_elements(p_external_ids) with ordinality as e (element, position),
                             pymap.normalize_external_id_source(e.element ->> 'source') as s (source),
                             unnest(pymap.normalize_external_id(s.source, e.element ->> 'id'))
                             with ordinality as i (id, position)
                        order by s.source, i.id, e.position, i.position
                    ) as c
                ),
                '[]'
            );
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
            ));
        when 'null' then
            return '[]';
        else
            if p_external_ids is not null then
                perform pymap._invalid_argument(
                    'external_ids', p_external_ids::text,
                    'Give [{"source": "imdb", "id": "tt0133093"}] or {"imdb": "tt0133093"}.'
                );
            end if;
            return '[]';
    end case;
end
$function$;

comment on function pymap.normalize_external_ids(jsonb) is
$comment$External IDs in the form in which media_items.external_ids stores them: [{"source", "id"}, …], every name and ID
canonical, each pair once, placeholders left out; other keys of an element are kept.
Parameters: p_external_ids, such an array, or an object {"imdb": "tt0133093", "tvdb": ["1", "2"]}.
Returns a jsonb array; '[]' for NULL. Errors: 22023 if it is neither, or an element has no source or no scalar id.$comment$;

revoke all on function pymap.normalize_external_ids(jsonb) from public;
grant execute on function pymap.normalize_external_ids(jsonb) to pymap_reader;
