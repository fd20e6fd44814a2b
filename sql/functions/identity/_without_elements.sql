create or replace function pymap._without_elements(p_elements jsonb, p_taken jsonb, variadic p_keys text[])
returns jsonb
language sql
immutable
parallel safe
return (
    select coalesce(jsonb_agg(e.element order by e.position), '[]')
    from jsonb_array_elements(p_elements) with ordinality as e (element, position)
    where not exists (
        select
        from jsonb_array_elements(p_taken) as t (element)
        where (select bool_and(t.element -> k.key = e.element -> k.key) from unnest(p_keys) as k (key))
    )
);

comment on function pymap._without_elements(jsonb, jsonb, text[]) is
'Private. An array without those elements that agree in these keys with an element of another array.';

revoke all on function pymap._without_elements(jsonb, jsonb, text[]) from public;
grant execute on function pymap._without_elements(jsonb, jsonb, text[]) to pymap_reader;
