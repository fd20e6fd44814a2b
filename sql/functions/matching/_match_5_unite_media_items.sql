create or replace function pymap._match_5_unite_media_items(p_tenant_id bigint)
returns void
language plpgsql
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
    )
    select distinct on (o.media_item_id) o.media_item_id, k.media_item_id, 'external_ids', w.weight, w.comparisons
    from best as k
    join best as o on o.group_n = k.group_n and o.media_item_id > k.media_item_id
    cross join lateral pymap._staged_descriptions(k.media_item_id, p_tenant_id) as kd
    cross join lateral pymap._staged_descriptions(o.media_item_id, p_tenant_id) as od
    cross join lateral pymap._weigh(kd.descriptions, od.descriptions) as w
    where k.strong_claims > 1
      and k.turn = 1
      and o.turn = 1
      -- What an entry is not, it does not unite.
      and 1 in (k.place, o.place)
      and k.is_strong
      and o.is_strong
      and w.weight >= 0
      and not w.contradicts
      and o.media_item_id not in (select d.id from pymap._distinct_from(k.media_item_id, p_tenant_id) as d (id))
    order by o.media_item_id, k.media_item_id;
    if found then
        perform pymap._settle_merges(p_tenant_id);
    end if;
end
$function$;

comment on function pymap._match_5_unite_media_items(bigint) is
'Private. Notes in pg_temp.pymap_merges which media items one entry shows to be one: both share an external ID or a file '
'with it, and they do not contradict each other.';

revoke all on function pymap._match_5_unite_media_items(bigint) from public;
