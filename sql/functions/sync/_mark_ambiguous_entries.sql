create or replace function pymap._mark_ambiguous_entries()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    update pg_temp.pymap_entries as e
    set title_is_unique = false
    from (
        select o.media_type, coalesce(o.parent_item_id, '') as parent_item_id, o.title_key
        from pg_temp.pymap_entries as o
        where o.title_key is not null
        group by 1, 2, 3
        having count(*) > 1
    ) as t
    where e.title_key = t.title_key
      and e.media_type = t.media_type
      and coalesce(e.parent_item_id, '') = t.parent_item_id;

    -- A path that several entries have, such as the episodes of one file, says nothing.
    update pg_temp.pymap_entries as e
    set path_key = null
    from (
        select o.media_type, o.path_key
        from pg_temp.pymap_entries as o
        where o.path_key is not null
        group by 1, 2
        having count(*) > 1
    ) as p
    where e.path_key = p.path_key and e.media_type = p.media_type;
end
$function$;

comment on function pymap._mark_ambiguous_entries() is
'Private. Notes which entries share their title with a sibling, and drops paths that several entries of a type share.';

revoke all on function pymap._mark_ambiguous_entries() from public;
