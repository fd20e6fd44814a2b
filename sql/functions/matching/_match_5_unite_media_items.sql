create or replace function pymap._match_5_unite_media_items(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_match constant integer := pymap._match_weight('decision', 'match');
begin
    if not exists (
        select
        from pg_temp.pymap_candidates as c
        join pg_temp.pymap_entries as e on e.n = c.n
        where e.action is null and not c.is_refused and c.is_strong and c.weight >= c_match
        group by e.group_n
        having count(distinct c.media_item_id) > 1
    ) then
        return;
    end if;
    insert into pg_temp.pymap_merges (duplicate_id, keep_id, evidence, weight, comparisons)
    with claims as (
        select e.group_n, c.media_item_id, max(c.weight) as weight, bool_or(c.is_strong) as is_strong
        from pg_temp.pymap_candidates as c
        join pg_temp.pymap_entries as e on e.n = c.n
        where e.action is null and not c.is_refused and c.weight >= c_match
        group by e.group_n, c.media_item_id
    ),
    -- Whom a media item suits best speaks for it.
    best as (
        select c.*, rank() over (partition by c.media_item_id order by c.weight desc) as turn,
               rank() over (partition by c.group_n order by c.weight desc) as place,
               count(*) filter (where c.is_strong) over (partition by c.group_n) as strong_claims
        from claims as c
    ),
    -- A list for each group, not a join: plans of an empty table would compare every claim with every other one.
    rivals as (
        select b.group_n, array_agg(b.media_item_id) as media_items,
               array_agg(b.media_item_id) filter (where b.place = 1) as best_ones
        from best as b
        where b.is_strong and b.turn = 1 and b.strong_claims > 1
        group by b.group_n
    )
    select distinct on (p.duplicate_id) p.duplicate_id, p.media_item_id, 'external_ids', w.weight, w.comparisons
    from rivals as r
    cross join lateral pymap._pairs(r.media_items) as p
    cross join lateral pymap._staged_descriptions(p.media_item_id, p_tenant_id) as kd
    cross join lateral pymap._staged_descriptions(p.duplicate_id, p_tenant_id) as od
    cross join lateral pymap._weigh(kd.descriptions, od.descriptions) as w
    -- What an entry is not, it does not unite.
    where (p.media_item_id = any (r.best_ones) or p.duplicate_id = any (r.best_ones))
      and w.weight >= 0
      and not w.contradicts
      and p.duplicate_id not in (select d.id from pymap._distinct_from(p.media_item_id, p_tenant_id) as d (id))
    order by p.duplicate_id, p.media_item_id;
    if found then
        perform pymap._settle_merges(p_tenant_id);
    end if;
end
$function$;

comment on function pymap._match_5_unite_media_items(bigint) is
'Private. Notes in pg_temp.pymap_merges which media items are one according to an entry: both share an external ID or a '
'file with the entry, and they do not contradict each other.';

revoke all on function pymap._match_5_unite_media_items(bigint) from public;
