create or replace function pymap._unite_what_became_alike(p_level integer, p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_review constant integer := pymap._match_weight('decision', 'review');
    c_match constant integer := pymap._match_weight('decision', 'match');
begin
    -- Most listings have none, and to plan what follows takes longer than to look.
    if not exists (
        select
        from pg_temp.pymap_candidates as c
        join pg_temp.pymap_entries as m on m.n = c.n
        where m.level = p_level and not c.is_refused and c.weight >= c_review and c.media_item_id <> m.media_item_id
    ) then
        return;
    end if;
    insert into pg_temp.pymap_merges (duplicate_id, keep_id, evidence, weight, comparisons)
    select distinct on (r.duplicate_id) r.duplicate_id, r.keep_id, r.evidence, r.weight, r.comparisons
    from (
        select greatest(o.media_item_id, o.other_id) as duplicate_id, least(o.media_item_id, o.other_id) as keep_id,
               w.evidence, w.weight, w.comparisons, count(*) over (partition by o.media_item_id) as others,
               count(*) over (partition by o.other_id) as rivals
        from (
            select e.media_item_id, c.media_item_id as other_id, array_agg(distinct e.n) as entries
            from pg_temp.pymap_entries as e
            join pg_temp.pymap_entries as m on m.group_n = e.group_n
            join pg_temp.pymap_candidates as c on c.n = m.n and c.media_item_id <> e.media_item_id
            where e.level = p_level
              and not e.is_unchanged
              and not c.is_refused
              and c.weight >= c_review
              -- Another entry of the listing is it.
              and not exists (select from pg_temp.pymap_entries as h where h.media_item_id = c.media_item_id)
            group by 1, 2
        ) as o
        cross join lateral pymap._staged_descriptions(o.media_item_id, p_tenant_id) as k
        cross join lateral (
            select k.descriptions || array_agg(x.description) as descriptions
            from unnest(o.entries) as n (n)
            cross join lateral pymap._entry_description(n.n) as x
        ) as l
        cross join lateral pymap._staged_descriptions(o.other_id, p_tenant_id) as r
        cross join lateral pymap._weigh(k.descriptions, r.descriptions) as b
        cross join lateral pymap._weigh(l.descriptions, r.descriptions) as w
        where w.weight >= c_match
          and not w.contradicts
          -- A report that tells nothing new decides nothing anew.
          and w.weight > b.weight
          and o.other_id not in (select d.id from pymap._distinct_from(o.media_item_id, p_tenant_id) as d (id))
          -- A server that lists both has two.
          and (
              select count(*)
              from pymap.client_items as a
              join pymap.client_items as b on b.tenant_id = a.tenant_id and b.client_id = a.client_id
              where a.tenant_id = p_tenant_id
                and a.media_item_id = o.media_item_id
                and a.client_id <> p_client_id
                and b.media_item_id = o.other_id
          ) = 0
    ) as r
    where r.others = 1
      -- What suits two of them is neither.
      and r.rivals = 1
    order by r.duplicate_id, r.keep_id
    on conflict do nothing;
    if found then
        perform pymap._settle_merges(p_tenant_id);
        update pg_temp.pymap_entries as e
        set action = 'kept'
        where e.level = p_level
          and e.action = 'reassigned'
          and e.media_item_id = coalesce(
              (select m.keep_id from pg_temp.pymap_merges as m where m.duplicate_id = e.known_id), e.known_id
          );
    end if;
end
$function$;

comment on function pymap._unite_what_became_alike(integer, bigint, bigint) is
'Private. Unites a media item with another one that a new report, such as a title in another language, shows to be the '
'same. The other one would have been matched if it had come later.';

revoke all on function pymap._unite_what_became_alike(integer, bigint, bigint) from public;
