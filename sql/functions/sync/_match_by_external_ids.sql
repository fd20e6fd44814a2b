create or replace function pymap._match_by_external_ids(p_level integer, p_tenant_id bigint)
returns void
language plpgsql
as $function$
declare
    v_contested bigint[];
begin
    truncate pg_temp.pymap_facts, pg_temp.pymap_hits, pg_temp.pymap_links, pg_temp.pymap_nodes,
             pg_temp.pymap_candidates;
    perform pymap._stage_facts(p_level, true, p_tenant_id);
    perform pymap._stage_hits(p_tenant_id);
    insert into pg_temp.pymap_hits (n, media_item_id, shared)
    select e.n, e.known_id, 0
    from pg_temp.pymap_entries as e
    where e.open and e.action = 'kept' and pymap._level(e.media_type) = p_level;
    perform pymap._stage_items(p_tenant_id);
    perform pymap._stage_facts(p_level, false, p_tenant_id);

    -- Only of IDs that an open entry tells are all holders here. One on more than twenty entries tells nothing, as in
    -- _holders.
    update pg_temp.pymap_facts as f
    set key = k.key
    from (
        select s.media_type, s.source, s.external_id, row_number() over () as key
        from pg_temp.pymap_facts as s
        where s.source not like '#%'
        group by s.media_type, s.source, s.external_id
        having count(*) > 1 and bool_or(s.is_open) and count(*) filter (where s.n > 0) <= 20
    ) as k
    where k.media_type = f.media_type and k.source = f.source and k.external_id = f.external_id;
    insert into pg_temp.pymap_links (key, n)
    select f.key, f.n from pg_temp.pymap_facts as f where f.key is not null;
    v_contested := array(select pymap._contested_keys());
    delete from pg_temp.pymap_links as l where l.key = any (v_contested);

    -- A mapping that stands holds its entry to its media item.
    insert into pg_temp.pymap_links (key, n)
    select -e.media_item_id, v.n
    from pg_temp.pymap_entries as e
    join pg_temp.pymap_matches as m on m.media_item_id = e.media_item_id
    cross join lateral (values (e.n), (-e.media_item_id)) as v (n)
    where e.action = 'kept' and pymap._level(e.media_type) = p_level;

    perform pymap._group_nodes();
    perform pymap._decide_entries('external_ids');

    -- Where a whole chain contradicts itself, each entry is judged alone, by the IDs that are not contested.
    insert into pg_temp.pymap_candidates (n, media_item_id)
    select a.n, coalesce(g.keep_id, a.media_item_id)
    from (
        select f.n,
               pymap._match_external_ids(
                   f.media_type, jsonb_agg(jsonb_build_object('source', f.source, 'id', f.external_id)), p_tenant_id
               ) as media_item_id
        from pg_temp.pymap_facts as f
        where f.n in (select h.n from pg_temp.pymap_hits as h)
          and f.key is not null
          and f.key <> all (v_contested)
        group by f.n, f.media_type
    ) as a
    join pg_temp.pymap_entries as e on e.n = a.n and e.action is null
    left join pg_temp.pymap_merges as g on g.duplicate_id = a.media_item_id
    where a.media_item_id is not null;

    -- Of several that claim one media item and contradict each other, or who is mapped to it, none gets it.
    truncate pg_temp.pymap_links;
    insert into pg_temp.pymap_links (key, n)
    select c.media_item_id, c.n from pg_temp.pymap_candidates as c
    union
    select c.media_item_id, -c.media_item_id from pg_temp.pymap_candidates as c
    union
    select c.media_item_id, e.n
    from pg_temp.pymap_candidates as c
    join pg_temp.pymap_entries as e on e.media_item_id = c.media_item_id
    where e.action = 'kept';

    update pg_temp.pymap_entries as e
    set media_item_id = c.media_item_id, action = 'matched', evidence = 'external_ids'
    from pg_temp.pymap_candidates as c
    where e.n = c.n
      and c.media_item_id <> all (array(select pymap._contested_keys()))
      -- Of two siblings that it may be alike, it is neither.
      and not exists (
          select
          from pg_temp.pymap_facts as i
          join pg_temp.pymap_facts as s on s.source = i.source and s.external_id <> i.external_id
          join pg_temp.pymap_hits as h on h.media_item_id = -s.n
          where i.n = -c.media_item_id and i.source like '#items of %' and h.n = c.n
      );

    perform pymap._keep_disputed(p_level, p_tenant_id);

    insert into pg_temp.pymap_reviews (n, media_item_id, evidence)
    select distinct -e.media_item_id, h.media_item_id, 'external_ids'
    from pg_temp.pymap_hits as h
    join pg_temp.pymap_entries as e on e.n = h.n
    where e.action is null and h.shared > 0;
end
$function$;

comment on function pymap._match_by_external_ids(integer, bigint) is
'Private. Unites open entries of a level and media items that external IDs connect and that do not contradict each '
'other.';

revoke all on function pymap._match_by_external_ids(integer, bigint) from public;
