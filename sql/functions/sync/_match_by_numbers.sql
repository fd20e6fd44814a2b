create or replace function pymap._match_by_numbers(p_level integer, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    truncate pg_temp.pymap_hits, pg_temp.pymap_candidates;

    -- A place is a parent with numbers. A group of entries that names two places is in doubt, and waits.
    insert into pg_temp.pymap_candidates (n, place, media_item_id)
    with places as materialized (
        select p.n, min(p.place) as place, min(p.entry) as entry
        from (
            select -e.media_item_id as n, e.n as entry,
                   dense_rank() over (order by e.media_type, e.parent_id, e.parent_number, e.number) as place
            from pg_temp.pymap_entries as e
            where e.action is null
              and e.parent_id is not null
              and e.number is not null
              and pymap._level(e.media_type) = p_level
        ) as p
        group by p.n
        having min(p.place) = max(p.place)
    )
    select distinct p.n, p.place, coalesce(g.keep_id, i.id)
    from places as p
    join pg_temp.pymap_entries as e on e.n = p.entry
    left join lateral (
        select o.id
        from (
            select e.parent_id as id
            union all
            select m.duplicate_id from pg_temp.pymap_merges as m where m.keep_id = e.parent_id
        ) as a
        cross join lateral (
            select c.id
            from pymap.media_items as c
            where c.tenant_id = p_tenant_id
              and c.parent_id = a.id
              and c.type = e.media_type
              and c.parent_number is not distinct from e.parent_number
              and c.number = e.number
            limit 21
        ) as o
    ) as i on true
    left join pg_temp.pymap_merges as g on g.duplicate_id = i.id;

    perform pymap._match_candidates('numbers', p_tenant_id);
end
$function$;

comment on function pymap._match_by_numbers(integer, bigint) is
'Private. Unites undecided entries of a level with the media item, and with each other, that have the same parent and '
'numbers.';

revoke all on function pymap._match_by_numbers(integer, bigint) from public;
