create or replace function pymap._without_external_ids(p_external_ids jsonb, p_taken jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
begin
    return (
        select coalesce(jsonb_object_agg(s.source, s.ids), '{}')
        from (
            select k.key as source, jsonb_agg(v.id order by v.id) as ids
            from jsonb_each(p_external_ids) as k
            cross join lateral jsonb_array_elements(k.value) as v (id)
            where (p_taken -> k.key @> v.id) is not true
            group by k.key
        ) as s
    );
end
$function$;

comment on function pymap._without_external_ids(jsonb, jsonb) is
'Private. External IDs by source, {"imdb": ["tt0133093"]}, without those that others hold.';

revoke all on function pymap._without_external_ids(jsonb, jsonb) from public;
grant execute on function pymap._without_external_ids(jsonb, jsonb) to pymap_reader;
