create or replace function pymap._are_canonical_external_ids(p_external_ids jsonb)
returns boolean
language sql
immutable
parallel safe
return jsonb_typeof(p_external_ids) = 'array'
    and not p_external_ids @? 'strict $[*] ? (!(
        @.id.type() == "string" && (
            @.source == "imdb" && @.id like_regex "^tt([0-9]{7}|[1-9][0-9]{7,9})$" && @.id != "tt0000000"
            || (@.source == "tmdb" || @.source == "tvdb") && @.id like_regex "^[1-9][0-9]{0,17}$"
            || @.source == "musicbrainz"
               && @.id like_regex "^[1-9a-f][0-9a-f]{7}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
        )
    ))'
    -- Neither true nor false of what has no such key.
    and not p_external_ids @? 'strict $[*] ? ((@.source.type() == "string" && @.id.type() == "string") is unknown)'
    and pymap._all_different(jsonb_path_query_array(p_external_ids, '$[*].source'));

comment on function pymap._are_canonical_external_ids(jsonb) is
'Private. True if an array of external IDs is certainly in its canonical form: common providers, each once. If false, '
'call normalize_external_ids.';

revoke all on function pymap._are_canonical_external_ids(jsonb) from public;
grant execute on function pymap._are_canonical_external_ids(jsonb) to pymap_reader, pymap_writer;
