create or replace function pymap._match_4_group_entries(p_level integer)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_match constant integer := pymap._match_weight('decision', 'match');
begin
    if (
        select count(*)
        from (select from pg_temp.pymap_entries as e where e.level = p_level and e.action is null limit 2) as o
    ) < 2 then
        return;
    end if;
    insert into pg_temp.pymap_links (n, other_n)
    with identified as (
        select e.media_type, x.key as source, v.id, array_agg(e.n) as entries
        from pg_temp.pymap_entries as e
        cross join lateral jsonb_each(e.external_ids) as x
        cross join lateral jsonb_array_elements_text(x.value) as v (id)
        where e.level = p_level and e.action is null and pymap._is_known_source(x.key)
        group by 1, 2, 3
        having count(*) between 2 and 20
    ),
    claimed as (
        select array_agg(c.n) as entries
        from pg_temp.pymap_candidates as c
        join pg_temp.pymap_entries as e on e.n = c.n and e.action is null
        where c.is_strong and c.weight >= c_match
        group by c.media_item_id
        having count(*) between 2 and 20
    ),
    -- A series that is in two libraries of a server has two entries for each season.
    placed as (
        select array_agg(e.n) as entries
        from pg_temp.pymap_entries as e
        where e.level = p_level and e.action is null and e.parent_id is not null and e.number is not null
          and e.title_key is not null
        group by e.media_type, e.parent_id, e.parent_number, e.number, e.title_key
        having count(*) between 2 and 20 and count(distinct e.parent_item_id) = count(*)
    ),
    pairs as (
        select distinct p.media_item_id as n, p.duplicate_id as other_n, c_match as least_weight
        from identified as i
        cross join lateral pymap._pairs(i.entries) as p
        union
        select distinct p.media_item_id, p.duplicate_id, 0
        from claimed as i
        cross join lateral pymap._pairs(i.entries) as p
        union
        select p.media_item_id, p.duplicate_id, c_match
        from placed as i
        cross join lateral pymap._pairs(i.entries) as p
        where pymap._is_same_part(p.media_item_id, p.duplicate_id)
    )
    select distinct p.n, p.other_n
    from pairs as p
    cross join lateral pymap._entry_description(p.n) as l
    cross join lateral pymap._entry_description(p.other_n) as r
    cross join lateral pymap._weigh(array[l.description], array[r.description]) as w
    where w.weight >= p.least_weight
      and not w.contradicts
      -- Tracks of two albums of the listing are two, also if they are one recording.
      and not pymap._are_on_two_albums(l.description, r.description);
    if not found then
        return;
    end if;

    -- The smallest number spreads along the links until every group has one: what an entry hears of a neighbour its leader
    -- hears as well, and then it asks its leader's leader, so that a long chain takes few rounds.
    loop
        update pg_temp.pymap_entries as e
        set group_n = s.group_n
        from (
            select h.n, min(o.group_n) as group_n
            from pg_temp.pymap_links as l
            cross join lateral (values (l.n, l.other_n), (l.other_n, l.n)) as v (n, neighbour)
            join pg_temp.pymap_entries as m on m.n = v.n
            join pg_temp.pymap_entries as o on o.n = v.neighbour
            cross join lateral (values (m.n), (m.group_n)) as h (n)
            group by h.n
        ) as s
        where e.n = s.n and s.group_n < e.group_n;
        exit when not found;
        update pg_temp.pymap_entries as e
        set group_n = o.group_n
        from pg_temp.pymap_entries as o
        where o.n = e.group_n and o.group_n < e.group_n;
    end loop;

    -- A chain whose ends contradict each other is no group.
    update pg_temp.pymap_entries as e
    set group_n = e.n
    from (
        select g.group_n
        from (
            select o.group_n, array_agg(d.description order by o.n) as descriptions
            from pg_temp.pymap_entries as o
            cross join lateral pymap._entry_description(o.n) as d
            where o.level = p_level and o.action is null
            group by o.group_n
            having count(*) > 2
        ) as g
        where exists (
            select
            from generate_subscripts(g.descriptions, 1) as l
            join generate_subscripts(g.descriptions, 1) as r on r > l
            cross join lateral pymap._weigh(g.descriptions[l : l], g.descriptions[r : r]) as w
            where w.contradicts or w.weight < 0
        )
    ) as b
    where e.group_n = b.group_n;
end
$function$;

comment on function pymap._match_4_group_entries(integer) is
'Private. Gives undecided entries of a level that are one thing the same group_n. These are editions: they share an '
'external ID, or both are strong candidates of one media item, or they have the same numbers and title below two '
'entries that are one; and they do not contradict each other.';

revoke all on function pymap._match_4_group_entries(integer) from public;
