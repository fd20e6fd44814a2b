create or replace function pymap._external_ids_contradict(p_one jsonb, p_other jsonb)
returns boolean
language sql
immutable
parallel safe
return exists (
    select
    from (
        select e ->> 'source' as source, array_agg(e ->> 'id') as ids
        from jsonb_array_elements(p_one) as e
        group by 1
    ) as o
    join (
        select e ->> 'source' as source, array_agg(e ->> 'id') as ids
        from jsonb_array_elements(p_other) as e
        group by 1
    ) as t on t.source = o.source and not t.ids && o.ids
);

comment on function pymap._external_ids_contradict(jsonb, jsonb) is
'Private. Whether two canonical arrays of external IDs name different IDs of one source.';

revoke all on function pymap._external_ids_contradict(jsonb, jsonb) from public;
grant execute on function pymap._external_ids_contradict(jsonb, jsonb) to pymap_reader;
