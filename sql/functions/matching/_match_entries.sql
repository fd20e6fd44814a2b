create or replace function pymap._match_entries(p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    insert into pg_temp.pymap_facts (n, media_type, source, external_id)
    select e.n, e.media_type, x.source, x.id
    from pg_temp.pymap_entries as e, jsonb_to_recordset(e.external_ids) as x (source text, id text)
    where e.action is null;

    perform pymap._stage_hits(p_tenant_id);

    -- The plain case is decided here: one item, which has every ID that the entry has.
    update pg_temp.pymap_entries as e
    set media_item_id = case
            when h.items = 1 and h.shared = jsonb_array_length(e.external_ids) then h.media_item_id
            else pymap._match_external_ids(e.media_type, e.external_ids, p_tenant_id)
        end
    from (
        select o.n, count(*) as items, min(o.media_item_id) as media_item_id, max(o.shared) as shared
        from pg_temp.pymap_hits as o
        group by o.n
    ) as h
    where e.n = h.n;

    -- The items as they are now: _lock_items starts again if one has changed by the time that it is locked.
    insert into pg_temp.pymap_matches (media_item_id, media_type, external_ids)
    select m.media_item_id, i.type, i.external_ids
    from (
        select distinct e.media_item_id
        from pg_temp.pymap_entries as e
        where e.action is null and e.media_item_id is not null
    ) as m
    -- offset 0: index probes, whatever the planner believes about the size of the table.
    cross join lateral (
        select o.type, o.external_ids
        from pymap.media_items as o
        where o.tenant_id = p_tenant_id and o.id = m.media_item_id
        offset 0
    ) as i;

    perform pymap._link_nodes(p_tenant_id);
    perform pymap._group_nodes();

    -- An entry without a match of its own follows its group: to the group's media item, or into a new one.
    update pg_temp.pymap_entries as e
    set media_item_id = coalesce(e.media_item_id, g.media_item_id, -g.leader)
    from (
        select n.n, n.label,
               min(n.n) filter (where n.n > 0) over (partition by n.label) as leader,
               -max(n.n) filter (where n.n < 0) over (partition by n.label) as media_item_id
        from pg_temp.pymap_nodes as n
    ) as g
    where e.n = g.n and g.label not in (select pymap._contested_keys());

    update pg_temp.pymap_entries as e
    set media_item_id = coalesce(e.media_item_id, -e.n),
        action = case when e.media_item_id > 0 then 'matched' else 'created' end,
        evidence = case when e.media_item_id > 0 then 'external_ids' end
    where e.action is null;
end
$function$;

comment on function pymap._match_entries(bigint) is
'Private. Decides for every open entry of pg_temp.pymap_entries: the media item that it is, or the entry that leads the '
'group which becomes a new one. An entry alone is judged by _match_external_ids; beyond that, entries are one group if '
'external IDs connect them and they do not contradict each other.';

revoke all on function pymap._match_entries(bigint) from public;
