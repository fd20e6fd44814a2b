create or replace function pymap._match_6_decide(
    p_level integer,
    p_client_id bigint,
    p_media_types text[],
    p_tenant_id bigint
)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_match constant integer := pymap._match_weight('decision', 'match');
    c_gap constant integer := pymap._match_weight('decision', 'gap');
begin
    if exists (select from pg_temp.pymap_entries as e where e.action = 'kept') then
        -- A media item that stays with another entry of the listing is free only for an edition of that entry, or for one that is
        -- mapped to it as well: somebody put the two together.
        update pg_temp.pymap_candidates as c
        set is_refused = true
        from (
            select k.n, k.media_item_id
            from (
                select p.n, p.media_item_id, h.n as kept_n,
                       p.is_strong or pymap._is_same_part(o.n, h.n) as is_edition
                from pg_temp.pymap_candidates as p
                join pg_temp.pymap_entries as o on o.n = p.n and o.action is null
                join pg_temp.pymap_entries as h on h.media_item_id = p.media_item_id and h.action = 'kept'
                where not p.is_known
                -- Planned apart: fewer tables are tried in all orders.
                offset 0
            ) as k
            cross join lateral pymap._entry_description(k.n) as l
            cross join lateral pymap._entry_description(k.kept_n) as r
            cross join lateral pymap._weigh(array[l.description], array[r.description]) as w
            where not k.is_edition or w.contradicts or w.weight < 0 or pymap._are_on_two_albums(l.description, r.description)
        ) as r
        where c.n = r.n and c.media_item_id = r.media_item_id;
    end if;

    if exists (select from pg_temp.pymap_entries as e where e.media_type <> all (p_media_types)) then
        -- So is one that stays with another item of the client that this call does not list.
        update pg_temp.pymap_candidates as c
        set is_refused = true
        from (
            select p.n, p.media_item_id
            from pg_temp.pymap_candidates as p
            join pg_temp.pymap_entries as o
                on o.n = p.n and o.level = p_level and o.action is null and o.media_type <> all (p_media_types)
            join pymap.client_items as h
                on h.tenant_id = p_tenant_id
                and h.media_item_id = p.media_item_id
                and h.client_id = p_client_id
            left join pg_temp.pymap_entries as e on e.client_item_id = h.client_item_id and e.media_type = h.media_type
            cross join lateral pymap._entry_description(p.n) as l
            cross join lateral pymap._weigh(
                array[l.description],
                array[(h.title, h.title_key, h.title_is_unique, h.release_year, h.external_ids, h.parent_id, h.parent_number,
                       h.number, h.path_key)::pymap.description]
            ) as w
            where e.n is null and not p.is_known and (not p.is_strong or w.contradicts or w.weight < 0)
        ) as r
        where c.n = r.n and c.media_item_id = r.media_item_id;
    end if;

    delete from pg_temp.pymap_claims;
    insert into pg_temp.pymap_claims (group_n, media_item_id, weight, is_known)
    select e.group_n, c.media_item_id, max(c.weight), bool_or(c.is_known)
    from pg_temp.pymap_candidates as c
    join pg_temp.pymap_entries as e on e.n = c.n
    where e.level = p_level and e.action is null and not c.is_refused and c.weight >= c_match
    group by e.group_n, c.media_item_id;

    -- Of several that suit a group equally well, it is the one that the client had under an ID which it no longer lists: the
    -- server has given the ID anew.
    update pg_temp.pymap_claims as c
    set weight = c.weight + c_gap
    from (
        select r.group_n, r.media_item_id
        from (
            select o.group_n, o.media_item_id, o.weight, max(o.weight) over by_group as best,
                   nth_value(o.weight, 2) over by_group as second
            from pg_temp.pymap_claims as o
            window by_group as (
                partition by o.group_n order by o.weight desc rows between unbounded preceding and unbounded following
            )
        ) as r
        where r.best - r.second < c_gap and r.best - r.weight < c_gap
    ) as t
    where c.group_n = t.group_n
      and c.media_item_id = t.media_item_id
      and exists (
          select
          from pymap.client_items as h
          where h.tenant_id = p_tenant_id
            and h.media_item_id = c.media_item_id
            and h.client_id = p_client_id
            and h.media_type = any (p_media_types)
            and not exists (
                select
                from pg_temp.pymap_entries as e
                where e.client_item_id = h.client_item_id and e.media_type = h.media_type
            )
      );

    -- Each round gives away the media items that suit one group best which they suit best; then both are out of the way of
    -- the others.
    loop
        insert into pg_temp.pymap_matches (group_n, media_item_id, is_known)
        select r.group_n, r.media_item_id, r.is_known
        from (
            select c.group_n, c.media_item_id, c.weight, c.is_known,
                   max(c.weight) over by_group as best_of_group,
                   nth_value(c.weight, 2) over by_group as second_of_group,
                   max(c.weight) over by_item as best_of_item,
                   nth_value(c.weight, 2) over by_item as second_of_item,
                   max(c.weight) filter (where not c.is_known) over by_item as best_newcomer
            from pg_temp.pymap_claims as c
            window
                by_group as (
                    partition by c.group_n order by c.weight desc rows between unbounded preceding and unbounded following
                ),
                by_item as (
                    partition by c.media_item_id order by c.weight desc rows between unbounded preceding and unbounded following
                )
        ) as r
        where r.weight = r.best_of_group
          and coalesce(r.weight - r.second_of_group >= c_gap, true)
          and case
              -- Those that are mapped to it do not compete with each other.
              when r.is_known then coalesce(r.weight - r.best_newcomer >= c_gap, true)
              else r.weight = r.best_of_item and coalesce(r.weight - r.second_of_item >= c_gap, true)
          end;
        exit when not found;

        delete from pg_temp.pymap_claims as c
        using pg_temp.pymap_matches as m
        where m.group_n = c.group_n;
        delete from pg_temp.pymap_claims as c
        using pg_temp.pymap_matches as m
        where m.media_item_id = c.media_item_id and not (c.is_known and m.is_known);
    end loop;

    update pg_temp.pymap_candidates as c
    set is_refused = true
    from pg_temp.pymap_entries as e, pg_temp.pymap_matches as m
    where e.n = c.n
      and e.level = p_level
      and e.action is null
      and m.media_item_id = c.media_item_id
      and m.group_n <> e.group_n
      and not (c.is_known and m.is_known);

    -- Why each entry is what it is: its own comparison, else that of its group.
    update pg_temp.pymap_entries as e
    set media_item_id = w.media_item_id,
        evidence = w.evidence,
        weight = w.weight,
        comparisons = w.comparisons,
        action = case
            when e.known_id is null then 'matched'
            when coalesce(w.known_keep_id, e.known_id) = w.media_item_id then 'kept'
            else 'reassigned'
        end
    from (
        select o.n, m.media_item_id, coalesce(c.evidence, l.evidence) as evidence, coalesce(c.weight, l.weight) as weight,
               coalesce(c.comparisons, l.comparisons) as comparisons, g.keep_id as known_keep_id
        from pg_temp.pymap_entries as o
        join pg_temp.pymap_matches as m on m.group_n = o.group_n
        left join pg_temp.pymap_candidates as c on c.n = o.n and c.media_item_id = m.media_item_id
        left join pg_temp.pymap_candidates as l on l.n = o.group_n and l.media_item_id = m.media_item_id and c.n is null
        left join pg_temp.pymap_merges as g on g.duplicate_id = o.known_id
        where o.level = p_level and o.action is null
    ) as w
    where e.n = w.n;
end
$function$;

comment on function pymap._match_6_decide(integer, bigint, text[], bigint) is
'Private. Gives groups of entries of a level the media items that suit them best, if the weight reaches the threshold '
'and the gap to the second-best is large enough on both sides. Entries compete: see docs/matching.md.';

revoke all on function pymap._match_6_decide(integer, bigint, text[], bigint) from public;
