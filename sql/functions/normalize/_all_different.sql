create or replace function pymap._all_different(p_texts jsonb)
returns boolean
language sql
immutable
parallel safe
-- A text search vector counts them without a query, which would cost more than what asks. No JSON text contains '", "'.
return jsonb_array_length(p_texts) < 2
    or length(array_to_tsvector(string_to_array(right(left(p_texts::text, -2), -2), '", "'))) = jsonb_array_length(p_texts);

comment on function pymap._all_different(jsonb) is
'Private. Whether the texts of a JSON array, none of them empty, are all different.';

revoke all on function pymap._all_different(jsonb) from public;
grant execute on function pymap._all_different(jsonb) to pymap_reader, pymap_writer;
