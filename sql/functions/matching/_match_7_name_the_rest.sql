create or replace function pymap._match_7_name_the_rest(p_level integer)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_sequence constant regclass := pg_get_serial_sequence('pymap.media_items', 'id');
begin
    update pg_temp.pymap_entries as e
    set media_item_id = d.id,
        is_new = true,
        action = case when e.known_id is null then 'created' else 'reassigned' end
    from (
        -- In the order of the listing: the same calls give the same IDs.
        select o.n, nextval(v_sequence) as id
        from (
            select r.n
            from pg_temp.pymap_entries as r
            where r.level = p_level and r.action is null and r.n = r.group_n
            order by r.n
        ) as o
    ) as d
    where e.n = d.n;
    update pg_temp.pymap_entries as e
    set media_item_id = l.media_item_id,
        is_new = true,
        action = case when e.known_id is null then 'created' else 'reassigned' end
    from pg_temp.pymap_entries as l
    where e.level = p_level and e.action is null and l.n = e.group_n;
end
$function$;

comment on function pymap._match_7_name_the_rest(integer) is
'Private. Draws the IDs of new media items, for the groups of a level that have no media item yet.';

revoke all on function pymap._match_7_name_the_rest(integer) from public;
