create or replace function pymap._resolve_parents(
    p_level integer,
    p_client_id bigint,
    p_media_types text[],
    p_tenant_id bigint
)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_level = 0 then
        return;
    end if;
    -- Until it is found again.
    update pg_temp.pymap_entries as e
    set parent_id = null
    where e.level = p_level
      and e.is_unchanged
      and e.parent_id is not null
      and not exists (
          select
          from pymap.media_types as t
          cross join lateral unnest(t.parent_types) as p (media_type)
          join pg_temp.pymap_entries as o on o.client_item_id = e.parent_item_id and o.media_type = p.media_type
          where t.name = e.media_type
      );
    with asked as (
        select e.n, e.parent_item_id, t.media_type, t.position, m.parent_types[1] as counting_type
        from pg_temp.pymap_entries as e
        join pymap.media_types as m on m.name = e.media_type
        cross join lateral unnest(m.parent_types) with ordinality as t (media_type, position)
        where e.level = p_level and e.parent_item_id is not null
    ),
    found as (
        select distinct on (a.n) a.n, a.media_type <> a.counting_type as is_between, p.parent_id, p.number, p.external_ids,
               coalesce(p.media_item_id, g.keep_id, c.media_item_id) as media_item_id
        from asked as a
        left join pg_temp.pymap_entries as p on p.client_item_id = a.parent_item_id and p.media_type = a.media_type
        left join pymap.client_items as c
            -- A parent of a type that is covered, but not listed, is about to go.
            on p.n is null
            and a.media_type <> all (p_media_types)
            and c.tenant_id = p_tenant_id
            and c.client_id = p_client_id
            and c.client_item_id = a.parent_item_id
            and c.media_type = a.media_type
        left join pg_temp.pymap_merges as g on g.duplicate_id = c.media_item_id
        where coalesce(p.media_item_id, c.media_item_id) is not null
        order by a.n, a.position
    ),
    -- A season or an album often does not repeat the IDs of its series or artist.
    above as (
        select distinct on (o.media_item_id) o.media_item_id, o.external_ids
        from pg_temp.pymap_entries as o
        where o.level < p_level and o.external_ids <> '{}'
        order by o.media_item_id, o.n
    ),
    parents as (
        select f.n,
               -- An episode is part of the series, also if its server names the season; of nothing if that has no series.
               case when f.is_between then coalesce(f.parent_id, i.parent_id) else f.media_item_id end as parent_id,
               case when f.is_between then coalesce(f.number, i.number) end as parent_number,
               coalesce(f.external_ids, '{}') as told_ids,
               coalesce(a.external_ids, '{}') as told_above,
               coalesce(i.external_ids, '[]') || coalesce(g.external_ids, '[]') as known_ids
        from found as f
        left join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = f.media_item_id
        left join pymap.media_items as g on g.tenant_id = p_tenant_id and g.id = coalesce(f.parent_id, i.parent_id)
        left join above as a on a.media_item_id = coalesce(f.parent_id, i.parent_id)
    )
    update pg_temp.pymap_entries as e
    set parent_id = p.parent_id,
        parent_number = coalesce(e.parent_number, p.parent_number),
        -- Agents put the ID of a series on its episodes: an ID that the parent, or what is above
        -- it, has as well is theirs.
        external_ids = case
            when e.external_ids = '{}' then e.external_ids
            else (
                select coalesce(jsonb_object_agg(o.source, o.ids), '{}')
                from (
                    select x.key as source, jsonb_agg(v.id order by v.position) as ids
                    from jsonb_each(e.external_ids) as x
                    cross join lateral jsonb_array_elements(x.value) with ordinality as v (id, position)
                    where (p.told_ids -> x.key @> v.id) is not true
                      and (p.told_above -> x.key @> v.id) is not true
                      and not p.known_ids @> jsonb_build_array(jsonb_build_object('source', x.key, 'id', v.id))
                    group by x.key
                ) as o
            )
        end
    from parents as p
    where e.n = p.n and (not e.is_unchanged or e.parent_id is distinct from p.parent_id);
end
$function$;

comment on function pymap._resolve_parents(integer, bigint, text[], bigint) is
'Private. Finds the parents of the entries of a level, in the same listing or among what was synced earlier, and drops '
'external IDs that belong to a parent.';

revoke all on function pymap._resolve_parents(integer, bigint, text[], bigint) from public;
