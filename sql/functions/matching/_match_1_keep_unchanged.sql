create or replace function pymap._match_1_keep_unchanged(p_level integer)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    update pg_temp.pymap_entries as e
    set is_unchanged = false, media_item_id = null, action = null
    where e.level = p_level
      and e.is_unchanged
      and e.parent_id is distinct from e.known_parent_id
      and e.parent_id is distinct from (
          select g.keep_id from pg_temp.pymap_merges as g where g.duplicate_id = e.known_parent_id
      );
    update pg_temp.pymap_entries as e
    set media_item_id = g.keep_id
    from pg_temp.pymap_merges as g
    where g.duplicate_id = e.media_item_id;
end
$function$;

comment on function pymap._match_1_keep_unchanged(integer) is
'Private. Keeps the media item of each entry for which the client reports what it reported before. Entries of a level '
'whose parent has become another media item are decided again.';

revoke all on function pymap._match_1_keep_unchanged(integer) from public;
