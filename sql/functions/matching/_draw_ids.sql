create or replace function pymap._draw_ids()
returns void
language plpgsql
as $function$
begin
    -- Materialised: a join that scans it twice must not draw twice.
    with new_items as materialized (
        select l.leader, nextval(pg_get_serial_sequence('pymap.media_items', 'id')) as media_item_id
        from (
            select distinct -o.media_item_id as leader
            from pg_temp.pymap_entries as o
            where o.media_item_id < 0
            order by 1
        ) as l
    )
    update pg_temp.pymap_entries as e
    set leader = i.leader, media_item_id = i.media_item_id
    from new_items as i
    where e.media_item_id = -i.leader;

    update pg_temp.pymap_entries as e
    set parent_id = p.media_item_id
    from pg_temp.pymap_entries as p
    where e.parent_id < 0 and p.n = -e.parent_id;
end
$function$;

comment on function pymap._draw_ids() is
'Private. Gives every group of pg_temp.pymap_entries that becomes a new media item its ID.';

revoke all on function pymap._draw_ids() from public;
