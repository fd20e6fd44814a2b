create or replace function pymap._match_entries(p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    -- Nodes are entries (n > 0) and media items (n = -id). A fact is an external ID that a node has.
    create temporary table pymap_facts (
        n bigint,
        media_type text collate "C",
        source text collate "C",
        external_id text collate "C"
    ) on commit drop;

    insert into pg_temp.pymap_facts (n, media_type, source, external_id)
    select e.n, e.media_type, x.source, x.id
    from pg_temp.pymap_entries as e, jsonb_to_recordset(e.external_ids) as x (source text, id text)
    where e.action is null;

    -- offset 0: index probes, whatever the planner believes about the size of the tables.
    -- The items as they are now: _claim_entries starts again if one of them has changed by the time that it is locked.
    create temporary table pymap_candidates (
        media_item_id bigint primary key,
        media_type text collate "C",
        external_ids jsonb
    ) on commit drop;

    insert into pg_temp.pymap_candidates (media_item_id, media_type, external_ids)
    select i.id, i.type, i.external_ids
    from (
        select distinct h.media_item_id
        from pg_temp.pymap_facts as f
        cross join lateral (
            select x.media_item_id
            from pymap.external_ids as x
            where x.tenant_id = p_tenant_id
              and x.source = f.source
              and x.external_id = f.external_id
              and x.media_type = f.media_type
            offset 0
        ) as h
    ) as h
    cross join lateral (
        select o.id, o.type, o.external_ids
        from pymap.media_items as o
        where o.tenant_id = p_tenant_id and o.id = h.media_item_id
        offset 0
    ) as i;

    insert into pg_temp.pymap_facts (n, media_type, source, external_id)
    select -c.media_item_id, c.media_type, x.source, x.id
    from pg_temp.pymap_candidates as c, jsonb_to_recordset(c.external_ids) as x (source text, id text);

    perform pymap._link_nodes();
    perform pymap._group_nodes();
    truncate pg_temp.pymap_links;
    insert into pg_temp.pymap_links (key, n)
    select n.label, n.n from pg_temp.pymap_nodes as n;

    -- A group with a media item is that item, a group without one becomes a new item.
    update pg_temp.pymap_entries as e
    set leader = g.leader,
        media_item_id = g.media_item_id,
        action = case when g.media_item_id is null then 'created' else 'matched' end
    from (
        select n.n, n.label,
               min(n.n) filter (where n.n > 0) over (partition by n.label) as leader,
               -max(n.n) filter (where n.n < 0) over (partition by n.label) as media_item_id
        from pg_temp.pymap_nodes as n
    ) as g
    where e.n = g.n and g.label not in (select pymap._contested_keys());

    -- Where the members of a group contradict each other, every entry is judged alone.
    update pg_temp.pymap_entries as e
    set media_item_id = pymap._match_external_ids(e.media_type, e.external_ids, p_tenant_id)
    where e.action is null and exists (select from pg_temp.pymap_nodes as n where n.n = e.n);

    update pg_temp.pymap_entries as e
    set leader = e.n,
        action = case when e.media_item_id is null then 'created' else 'matched' end
    where e.action is null;
end
$function$;

comment on function pymap._match_entries(bigint) is
'Private. Decides for every open entry of pg_temp.pymap_entries: the media item that it is, or the entry that leads the '
'group which becomes a new one. Groups are what external IDs connect, in the listing and with what is stored.';

revoke all on function pymap._match_entries(bigint) from public;
