create or replace function pymap._match_3_weigh_candidates(p_level integer, p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_agrees constant integer := pymap._match_weight('mapping', 'agrees');
    c_linked constant integer := pymap._match_weight('mapping', 'linked');
begin
    insert into pg_temp.pymap_candidates (n, media_item_id, weight, is_strong, evidence, comparisons, is_known, is_refused)
    select o.n, o.media_item_id, w.weight, w.is_strong, w.evidence, w.comparisons,
           coalesce(o.media_item_id = coalesce(k.keep_id, o.known_id), false),
           -- What is known not to be it.
           o.known_id is not null
           and o.media_item_id in (select d.id from pymap._distinct_from(o.known_id, p_tenant_id) as d (id))
    from (
        select distinct p.n, coalesce(g.keep_id, p.found_id) as media_item_id, e.known_id
        from pg_temp.pymap_pairs as p
        join pg_temp.pymap_entries as e on e.n = p.n
        left join pg_temp.pymap_merges as g on g.duplicate_id = p.found_id
        where e.level = p_level and e.action is null
    ) as o
    left join pg_temp.pymap_merges as k on k.duplicate_id = o.known_id
    cross join lateral pymap._entry_description(o.n) as e
    cross join lateral pymap._staged_descriptions(o.media_item_id, p_tenant_id) as d
    cross join lateral pymap._weigh(array[e.description], d.descriptions) as w;

    if exists (
        select from pg_temp.pymap_entries as e where e.level = p_level and e.action is null and e.known_id is not null
    ) then
        -- The media item that an entry is mapped to also counts by what this client told of it.
        update pg_temp.pymap_candidates as c
        set weight = m.weight, comparisons = m.comparisons
        from (
            select k.n, k.media_item_id,
                   case when k.is_linked then k.weight + c_linked else w.weight + c_agrees + x.weight end as weight,
                   case
                       when k.is_linked then k.comparisons || jsonb_build_object('mapping', c_linked)
                       else w.comparisons || x.comparisons || jsonb_build_object('mapping', c_agrees)
                   end as comparisons
            from (
                select p.n, p.media_item_id, p.weight, p.comparisons, t.told_hash is null as is_linked,
                       (t.title, t.title_key, t.title_is_unique, t.release_year, t.external_ids,
                        coalesce((select g.keep_id from pg_temp.pymap_merges as g where g.duplicate_id = t.parent_id), t.parent_id),
                        t.parent_number, t.number, t.path_key)::pymap.description as told
                from pg_temp.pymap_entries as e
                join pg_temp.pymap_candidates as p on p.n = e.n and p.is_known
                join pymap.client_items as t
                    on t.tenant_id = p_tenant_id
                    and t.client_id = p_client_id
                    and t.client_item_id = e.client_item_id
                    and t.media_type = e.media_type
                where e.level = p_level
                  and e.action is null
                  -- What this client called another part of the same parent before: it has put its parts in another order.
                  and not exists (
                      select
                      from pymap.client_items as s
                      where s.tenant_id = p_tenant_id
                        and s.client_id = p_client_id
                        and s.media_type = e.media_type
                        and s.parent_id = t.parent_id
                        and s.title_key = e.title_key
                        and s.title_is_unique
                        and s.client_item_id <> e.client_item_id
                        and t.title_key <> e.title_key
                  )
                -- Planned apart: fewer tables are tried in all orders.
                offset 0
            ) as k
            cross join lateral pymap._entry_description(k.n) as d
            cross join lateral pymap._weigh(array[d.description], array[k.told]) as w
            -- IDs that the client did not report before, against those of the others.
            cross join lateral (
                select coalesce(sum(o.weight::integer), 0)::integer as weight,
                       coalesce(jsonb_object_agg(o.source, o.weight::integer), '{}') as comparisons
                from jsonb_each_text(k.comparisons) as o (source, weight)
                where (d.description).external_ids ? o.source
                  and not (k.told).external_ids ? o.source
                  and o.weight::integer < 0
            ) as x
        ) as m
        where c.n = m.n and c.media_item_id = m.media_item_id and m.weight > c.weight;
    end if;
    perform pymap._analyze_entries();
end
$function$;

comment on function pymap._match_3_weigh_candidates(integer, bigint, bigint) is
'Private. Weighs every pair of pg_temp.pymap_pairs: fills pg_temp.pymap_candidates.';

revoke all on function pymap._match_3_weigh_candidates(integer, bigint, bigint) from public;
