create or replace function pymap._external_ids_by_source(p_external_ids jsonb)
returns jsonb
language sql
immutable
parallel safe
return case
    when p_external_ids = '[]' then '{}'
    else (
        select jsonb_object_agg(s.source, s.ids)
        from (
            select e.source, jsonb_agg(e.id order by e.id collate "C") as ids
            from jsonb_to_recordset(p_external_ids) as e (source text, id text)
            group by e.source
        ) as s
    )
end;

comment on function pymap._external_ids_by_source(jsonb) is
'Private. A canonical array of external IDs as an object: {"imdb": ["tt0133093"], …}, each list sorted.';

revoke all on function pymap._external_ids_by_source(jsonb) from public;
grant execute on function pymap._external_ids_by_source(jsonb) to pymap_reader;
