create or replace function pymap._new_external_ids(p_known jsonb, p_told jsonb)
returns jsonb
language sql
immutable
parallel safe
return (
    select coalesce(jsonb_agg(distinct t.element), '[]')
    from jsonb_array_elements(p_told) as t (element)
    where not p_known @> jsonb_build_array(
        jsonb_build_object('source', t.element -> 'source', 'id', t.element -> 'id')
    )
);

comment on function pymap._new_external_ids(jsonb, jsonb) is
'Private. The external IDs of the second canonical array that the first one does not have.';

revoke all on function pymap._new_external_ids(jsonb, jsonb) from public;
grant execute on function pymap._new_external_ids(jsonb, jsonb) to pymap_reader;
