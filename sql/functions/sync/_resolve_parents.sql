create or replace function pymap._resolve_parents(
    p_level integer,
    p_client_id bigint,
    p_media_types text[],
    p_tenant_id bigint
)
returns void
language plpgsql
as $function$
begin
    -- What was part of something that its server now calls something else has to be asked again, and what now is part of
    -- something else.
    update pg_temp.pymap_entries as e
    set open = true, parent_moved = p.moved
    from (
        select o.client_item_id, o.media_type,
               case when o.known_id <> o.media_item_id and o.action is distinct from 'kept' then true end as moved,
               case o.media_type when 'season' then coalesce(o.parent_id, o.media_item_id) else o.media_item_id end as id
        from pg_temp.pymap_entries as o
    ) as p
    where not e.open
      and pymap._level(e.media_type) = p_level
      and p.client_item_id = e.parent_item_id
      and p.media_type = any (pymap._parent_types(e.media_type))
      and (p.moved or p.id <> e.known_parent_id);

    with asked as materialized (
        select e.n, e.parent_item_id, t.media_type, t.position
        from pg_temp.pymap_entries as e,
             unnest(pymap._parent_types(e.media_type)) with ordinality as t (media_type, position)
        -- Seasons and albums also where they are settled: what is part of them asks for their parents too.
        where (e.open or p_level = 1) and e.parent_item_id is not null and pymap._level(e.media_type) = p_level
    ),
    found as materialized (
        select distinct on (a.n) a.n, a.media_type, p.n as parent_n,
               coalesce(p.media_item_id, g.keep_id, m.media_item_id) as media_item_id
        from asked as a
        left join pg_temp.pymap_entries as p on p.client_item_id = a.parent_item_id and p.media_type = a.media_type
        left join lateral (
            select o.media_item_id
            from pymap.mappings as o
            -- A parent of a type that is covered, but not listed, is about to go.
            where p.n is null
              and a.media_type <> all (p_media_types)
              and o.tenant_id = p_tenant_id
              and o.client_id = p_client_id
              and o.client_item_id = a.parent_item_id
              and o.media_type = a.media_type
            offset 0
        ) as m on true
        left join pg_temp.pymap_merges as g on g.duplicate_id = m.media_item_id
        where coalesce(p.media_item_id, m.media_item_id) is not null
        order by a.n, a.position
    ),
    parents as materialized (
        select f.n, f.media_item_id, coalesce(p.parent_id, i.parent_id) as parent_id,
               coalesce(p.number, i.number) as number,
               f.media_type = 'season' as is_season
        from found as f
        left join pg_temp.pymap_entries as p on p.n = f.parent_n
        left join lateral (
            select o.parent_id, o.number
            from pymap.media_items as o
            where o.tenant_id = p_tenant_id and o.id = f.media_item_id
            offset 0
        ) as i on true
    ),
    ancestors as materialized (
        select a.media_item_id,
               coalesce(e.external_ids, '[]') || coalesce(
                   (
                       select i.external_ids
                       from pymap.media_items as i
                       where i.tenant_id = p_tenant_id and i.id = a.media_item_id
                   ),
                   '[]'
               ) as external_ids
        from (
            select p.media_item_id from parents as p
            union
            select p.parent_id from parents as p where p.parent_id is not null
        ) as a
        left join (
            select o.media_item_id, jsonb_path_query_array(jsonb_agg(o.external_ids), '$[*][*]') as external_ids
            from pg_temp.pymap_entries as o
            where pymap._level(o.media_type) < p_level
            group by o.media_item_id
        ) as e on e.media_item_id = a.media_item_id
    )
    update pg_temp.pymap_entries as e
    -- An episode is part of the series, also where its server names the season.
    set parent_id = case when p.is_season then coalesce(p.parent_id, p.media_item_id) else p.media_item_id end,
        parent_number = case when p.is_season then coalesce(e.parent_number, p.number) else e.parent_number end,
        -- An ID that an ancestor has as well is the ancestor's: agents put the ID of a series on its episodes.
        external_ids = pymap._new_external_ids(a.external_ids || coalesce(g.external_ids, '[]'), e.external_ids)
    from parents as p
    join ancestors as a on a.media_item_id = p.media_item_id
    left join ancestors as g on g.media_item_id = p.parent_id
    where e.n = p.n;
end
$function$;

comment on function pymap._resolve_parents(integer, bigint, text[], bigint) is
'Private. Finds what the entries of a level are part of, in the same listing or synced earlier, and takes away '
'external IDs that are an ancestor''s.';

revoke all on function pymap._resolve_parents(integer, bigint, text[], bigint) from public;
