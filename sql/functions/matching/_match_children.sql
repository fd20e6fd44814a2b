create or replace function pymap._match_children(p_level integer, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_match constant integer := pymap._match_weight('decision', 'match');
begin
    if not exists (select from pg_temp.pymap_merges) then
        return;
    end if;
    insert into pg_temp.pymap_merges (duplicate_id, keep_id, evidence, weight, comparisons)
    with families as (
        select m.keep_id, m.duplicate_id as parent_id from pg_temp.pymap_merges as m
        union
        select m.keep_id, m.keep_id from pg_temp.pymap_merges as m
    ),
    children as materialized (
        select f.keep_id as family, f.parent_id, i.id, i.type, i.title_key, i.parent_number, i.number
        from families as f
        join pymap.media_items as i on i.tenant_id = p_tenant_id and i.parent_id = f.parent_id
        join pymap.media_types as t on t.name = i.type and t.level = p_level
    ),
    pairs as (
        select a.id, b.id as other_id, w.weight, w.comparisons
        from children as a
        join children as b
            on b.family = a.family
            and b.parent_id <> a.parent_id
            and b.type = a.type
            and b.id > a.id
            and (b.title_key = a.title_key
                 or b.number = a.number and coalesce(b.parent_number, 1) = coalesce(a.parent_number, 1))
        cross join lateral pymap._staged_descriptions(a.id, p_tenant_id) as ad
        cross join lateral pymap._staged_descriptions(b.id, p_tenant_id) as bd
        cross join lateral pymap._weigh(ad.descriptions, bd.descriptions) as w
        where w.weight >= c_match
          and b.id not in (select d.id from pymap._distinct_from(a.id, p_tenant_id) as d (id))
    ),
    ranked as (
        select p.*,
               rank() over (partition by p.id order by p.weight desc) as turn,
               rank() over (partition by p.other_id order by p.weight desc) as other_turn,
               count(*) over (partition by p.id, p.weight) as ties,
               count(*) over (partition by p.other_id, p.weight) as other_ties
        from pairs as p
    )
    select r.other_id, min(r.id), 'numbers', max(r.weight), (array_agg(r.comparisons order by r.id))[1]
    from ranked as r
    where r.turn = 1 and r.other_turn = 1 and r.ties = 1 and r.other_ties = 1
    group by r.other_id
    on conflict do nothing;
    if found then
        perform pymap._settle_merges(p_tenant_id);
    end if;
end
$function$;

comment on function pymap._match_children(integer, bigint) is
'Private. Unites media items of a level whose parents pg_temp.pymap_merges unites, if they suit each other best.';

revoke all on function pymap._match_children(integer, bigint) from public;
