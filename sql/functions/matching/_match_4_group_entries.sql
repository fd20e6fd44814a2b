create or replace function pymap._match_4_group_entries(p_level integer)
returns void
language plpgsql
as $function$
declare
    c_match constant integer := pymap._match_weight('decision', 'match');
begin
    insert into pg_temp.pymap_links (n, other_n)
    with identified as (
        select e.media_type, x.key as source, v.id, array_agg(e.n order by e.n) as entries
        from pg_temp.pymap_entries as e
        cross join lateral jsonb_each(e.external_ids) as x
        cross join lateral jsonb_array_elements_text(x.value) as v (id)
        where e.level = p_level and e.action is null and pymap._is_known_source(x.key)
        group by 1, 2, 3
        having count(*) between 2 and 20
    ),
    claimed as (
        select array_agg(c.n order by c.n) as entries
        from pg_temp.pymap_candidates as c
        join pg_temp.pymap_entries as e on e.n = c.n and e.action is null
        where c.is_strong and c.weight >= c_match
        group by c.media_item_id
        having count(*) between 2 and 20
    ),
    pairs as (
        select distinct p.media_item_id as n, p.duplicate_id as other_n, c_match as least_weight
        from identified as i
        cross join lateral pymap._pairs(i.entries) as p
        union
        select distinct p.media_item_id, p.duplicate_id, 0
        from claimed as i
        cross join lateral pymap._pairs(i.entries) as p
    )
    select distinct p.n, p.other_n
    from pairs as p
    cross join lateral pymap._entry_description(p.n) as l
    cross join lateral pymap._entry_description(p.other_n) as r
    cross join lateral pymap._weigh(array[l.description], array[r.description]) as w
    where w.weight >= p.least_weight and not w.contradicts;
    if not found then
        return;
    end if;

    -- The smallest number spreads along the links until every group has one.
    loop
        update pg_temp.pymap_entries as e
        set group_n = s.group_n
        from (
            select v.n, min(o.group_n) as group_n
            from pg_temp.pymap_links as l
            cross join lateral (values (l.n, l.other_n), (l.other_n, l.n)) as v (n, neighbour)
            join pg_temp.pymap_entries as o on o.n = v.neighbour
            group by v.n
        ) as s
        where e.n = s.n and s.group_n < e.group_n;
        exit when not found;
    end loop;

    -- A chain whose ends contradict each other is no group.
    update pg_temp.pymap_entries as e
    set group_n = e.n
    from (
        select distinct l.group_n
        from pg_temp.pymap_entries as l
        join pg_temp.pymap_entries as r on r.group_n = l.group_n and r.n > l.n
        cross join lateral pymap._entry_description(l.n) as ld
        cross join lateral pymap._entry_description(r.n) as rd
        cross join lateral pymap._weigh(array[ld.description], array[rd.description]) as w
        where l.level = p_level
          and l.action is null
          and not exists (select from pg_temp.pymap_links as k where k.n = l.n and k.other_n = r.n)
          and (w.contradicts or w.weight < 0)
    ) as b
    where e.group_n = b.group_n;
end
$function$;

comment on function pymap._match_4_group_entries(integer) is
'Private. Gives undecided entries of a level that are one thing the same group_n: editions, which share an external ID, or '
'which are both strong candidates of one media item, and do not contradict each other.';

revoke all on function pymap._match_4_group_entries(integer) from public;
