create or replace function pymap._stage_additions()
returns void
language plpgsql
as $function$
begin
    insert into pg_temp.pymap_additions (media_item_id, media_type, source, external_id, element, is_listed)
    select distinct on (a.media_item_id, x.element ->> 'source', x.element ->> 'id')
        a.media_item_id, a.media_type, x.element ->> 'source', x.element ->> 'id', x.element, a.n > 0
    from (
        select e.n, e.media_item_id, e.media_type, e.external_ids
        from pg_temp.pymap_entries as e
        where e.open
        union all
        select -g.duplicate_id, g.keep_id, m.media_type, m.external_ids
        from pg_temp.pymap_merges as g
        join pg_temp.pymap_matches as m on m.media_item_id = g.duplicate_id
    ) as a
    left join pg_temp.pymap_matches as k on k.media_item_id = a.media_item_id
    cross join lateral jsonb_array_elements(pymap._new_external_ids(coalesce(k.external_ids, '[]'), a.external_ids))
        as x (element)
    order by a.media_item_id, x.element ->> 'source', x.element ->> 'id', a.n <= 0, a.n;
end
$function$;

comment on function pymap._stage_additions() is
'Private. Fills pg_temp.pymap_additions: the external IDs that media items get from open entries and from items that are '
'merged into them.';

revoke all on function pymap._stage_additions() from public;
