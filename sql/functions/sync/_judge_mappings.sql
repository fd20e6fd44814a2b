create or replace function pymap._judge_mappings(p_level integer, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    with places as materialized (
        select distinct e.media_type, e.parent_id, e.parent_number, e.number
        from pg_temp.pymap_entries as e
        where e.open and e.parent_id is not null and e.number is not null and pymap._level(e.media_type) = p_level
    ),
    known as materialized (
        select e.n,
               pymap._external_ids_contradict(i.external_ids, e.external_ids)
               -- No ID says that it is still the same, and what it is part of was reassigned, or it has another title and
               -- another place, and its old place is taken.
               or jsonb_array_length(i.new_external_ids) = jsonb_array_length(e.external_ids)
               and (
                   e.parent_moved is not null and i.parent_id is distinct from e.parent_id
                   or t.number is not null
                   and (e.parent_id <> i.parent_id or e.parent_number <> i.parent_number or e.number <> i.number) is true
                   and (pymap._title_key(e.title) <> pymap._title_key(i.title)) is true
               ) as contradicts,
               i.new_external_ids <> '[]'
               or i.parent_id is null and e.parent_id is not null
               or i.parent_number is null and e.parent_number is not null
               or i.number is null and e.number is not null
               or i.title is null and e.title is not null
               or i.release_year is null and e.release_year is not null as tells_more
        from pg_temp.pymap_entries as e
        cross join lateral (
            select o.external_ids, coalesce(g.keep_id, o.parent_id) as parent_id, o.parent_number, o.number, o.title,
                   o.release_year, pymap._new_external_ids(o.external_ids, e.external_ids) as new_external_ids
            from pymap.media_items as o
            left join pg_temp.pymap_merges as g on g.duplicate_id = o.parent_id
            where o.tenant_id = p_tenant_id and o.id = e.known_id
            offset 0
        ) as i
        left join places as t
            on t.media_type = e.media_type
            and t.parent_id = i.parent_id
            and t.number = i.number
            and t.parent_number is not distinct from i.parent_number
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
'contradict it, or whose place in the listing shows that the server uses the ID for something else.';

revoke all on function pymap._judge_mappings(integer, bigint) from public;
