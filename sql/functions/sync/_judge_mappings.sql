create or replace function pymap._judge_mappings(p_level integer, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    with known as materialized (
        select e.n,
               pymap._external_ids_contradict(i.external_ids, e.external_ids)
               -- What it is part of was reassigned, and no ID says that it is still the same.
               or e.parent_moved is not null
               and i.parent_id is distinct from e.parent_id
               and jsonb_array_length(pymap._new_external_ids(i.external_ids, e.external_ids))
                   = jsonb_array_length(e.external_ids) as contradicts,
               pymap._new_external_ids(i.external_ids, e.external_ids) <> '[]'
               or i.parent_id is null and e.parent_id is not null
               or i.parent_number is null and e.parent_number is not null
               or i.number is null and e.number is not null
               or i.title is null and e.title is not null
               or i.release_year is null and e.release_year is not null as tells_more
        from pg_temp.pymap_entries as e
        cross join lateral (
            select o.*
            from pymap.media_items as o
            where o.tenant_id = p_tenant_id and o.id = e.known_id
            offset 0
        ) as i
        where e.open and e.known_id is not null and pymap._level(e.media_type) = p_level
    )
    update pg_temp.pymap_entries as e
    set action = case when not k.contradicts then 'kept' end,
        open = k.contradicts or k.tells_more
    from known as k
    where k.n = e.n;

    update pg_temp.pymap_entries as e
    set media_item_id = -e.n
    where e.action is null and pymap._level(e.media_type) = p_level;
end
$function$;

comment on function pymap._judge_mappings(integer, bigint) is
'Private. Closes the entries of a level that tell nothing new, and takes their media item from those whose external IDs '
'contradict it.';

revoke all on function pymap._judge_mappings(integer, bigint) from public;
