create or replace function pymap._are_plain_external_ids(p_external_ids jsonb)
returns boolean
language sql
immutable
parallel safe
return p_external_ids is null
    or jsonb_typeof(p_external_ids) = 'object'
    and not p_external_ids @? 'strict $.keyvalue() ? (!(
        @.value.type() == "string" && (
            @.key == "imdb" && @.value like_regex "^tt([0-9]{7}|[1-9][0-9]{7,9})$" && @.value != "tt0000000"
            || (@.key == "tmdb" || @.key == "tvdb") && @.value like_regex "^[1-9][0-9]{0,17}$"
            || @.key == "musicbrainz"
               && @.value like_regex "^[1-9a-f][0-9a-f]{7}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
        )
    ))';

comment on function pymap._are_plain_external_ids(jsonb) is
'Private. True if an object of external IDs has only canonical IDs of the common providers, or is missing. If false, '
'call normalize_external_ids.';

revoke all on function pymap._are_plain_external_ids(jsonb) from public;
grant execute on function pymap._are_plain_external_ids(jsonb) to pymap_reader;
