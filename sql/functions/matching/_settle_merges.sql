create or replace function pymap._settle_merges(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_moved bigint[];
    v_chained bigint[] := '{}';
begin
    -- What is kept may itself be a duplicate of something.
    loop
        with moved as (
            update pg_temp.pymap_merges as m
            set keep_id = k.keep_id
            from pg_temp.pymap_merges as k
            where k.duplicate_id = m.keep_id
            returning m.duplicate_id
        )
        select array_agg(o.duplicate_id) into v_moved from moved as o;
        exit when v_moved is null;
        v_chained := v_chained || v_moved;
    end loop;

    -- The ends of a chain may contradict each other, or be known to be two; so may two that go into the same third one. Two
    -- that were found together have been compared, also by what this listing tells of them.
    delete from pg_temp.pymap_merges as m
    using (
        select o.duplicate_id
        from (
            select k.keep_id as other_id, k.duplicate_id
            from pg_temp.pymap_merges as k
            where k.duplicate_id = any (v_chained)
            union all
            select p.media_item_id, p.duplicate_id
            from (
                select array_agg(d.duplicate_id) as duplicates from pg_temp.pymap_merges as d group by d.keep_id having count(*) > 1
            ) as f
            cross join lateral pymap._pairs(f.duplicates) as p
        ) as o
        join pg_temp.pymap_merges as n on n.duplicate_id = o.duplicate_id and n.evidence <> 'manual'
        cross join lateral (
            select array_agg(d.description) as descriptions from pymap._descriptions_after_merges(o.other_id, p_tenant_id) as d
        ) as kd
        cross join lateral (
            select array_agg(d.description) as descriptions from pymap._descriptions_after_merges(o.duplicate_id, p_tenant_id) as d
        ) as od
        cross join lateral pymap._weigh(kd.descriptions, od.descriptions) as w
        where w.contradicts and not w.is_strong and n.evidence = 'external_ids'
           or o.duplicate_id in (select d.id from pymap._distinct_from(o.other_id, p_tenant_id) as d (id))
    ) as b
    where m.duplicate_id = b.duplicate_id;

    update pg_temp.pymap_candidates as c
    set media_item_id = m.keep_id
    from pg_temp.pymap_merges as m
    where m.duplicate_id = c.media_item_id;
    update pg_temp.pymap_entries as e
    set media_item_id = m.keep_id
    from pg_temp.pymap_merges as m
    where m.duplicate_id = e.media_item_id;
end
$function$;

comment on function pymap._settle_merges(bigint) is
'Private. Removes chains and contradictions from pg_temp.pymap_merges, and makes candidates and decided entries follow '
'it.';

revoke all on function pymap._settle_merges(bigint) from public;
