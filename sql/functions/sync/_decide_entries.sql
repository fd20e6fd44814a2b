create or replace function pymap._decide_entries(p_evidence text)
returns void
language plpgsql
as $function$
begin
    -- A group that contradicts itself decides nothing.
    delete from pg_temp.pymap_nodes as o where o.label = any (array(select pymap._contested_keys()));

    -- The oldest media item of a group stands for it, else the first entry.
    with groups as (
        select o.n, coalesce(max(o.n) filter (where o.n < 0) over one_group, min(o.n) over one_group) as head
        from pg_temp.pymap_nodes as o
        window one_group as (partition by o.label)
    )
    update pg_temp.pymap_nodes as o
    set label = g.head
    from groups as g
    where g.n = o.n;

    update pg_temp.pymap_entries as e
    set media_item_id = -o.label,
        action = case when o.label < 0 then 'matched' end,
        evidence = case when o.label < 0 then p_evidence end
    from pg_temp.pymap_nodes as o
    where e.action is null and o.n = -e.media_item_id;

    update pg_temp.pymap_facts as f set n = o.label from pg_temp.pymap_nodes as o where o.n = f.n and o.label <> o.n;

    insert into pg_temp.pymap_merges (duplicate_id, keep_id, evidence)
    select -o.n, -o.label, p_evidence from pg_temp.pymap_nodes as o where o.n < 0 and o.label <> o.n;
    if found then
        update pg_temp.pymap_merges as m
        set keep_id = l.keep_id
        from pg_temp.pymap_merges as l
        where l.duplicate_id = m.keep_id;
        update pg_temp.pymap_entries as e
        set media_item_id = m.keep_id
        from pg_temp.pymap_merges as m
        where m.duplicate_id = e.media_item_id;
    end if;
end
$function$;

comment on function pymap._decide_entries(text) is
'Private. Gives every entry of a group in pg_temp.pymap_nodes the group''s media item, or the group''s first entry to '
'follow, and notes which media items the group shows to be one.';

revoke all on function pymap._decide_entries(text) from public;
