create or replace function pymap._match_1_keep_unchanged(p_level integer)
returns void
language plpgsql
as $function$
begin
    update pg_temp.pymap_entries as e
    set media_item_id = coalesce((select g.keep_id from pg_temp.pymap_merges as g where g.duplicate_id = e.known_id), e.known_id),
        action = 'kept'
    where e.level = p_level
      and e.is_unchanged
      and coalesce(
          (select g.keep_id from pg_temp.pymap_merges as g where g.duplicate_id = e.known_parent_id), e.known_parent_id
      ) is not distinct from e.parent_id;
    update pg_temp.pymap_entries as e
    set is_unchanged = false
    where e.level = p_level and e.is_unchanged and e.action is null;
end
$function$;

comment on function pymap._match_1_keep_unchanged(integer) is
'Private. Keeps the entries of a level of which their client tells what it told before, below the same parent.';

revoke all on function pymap._match_1_keep_unchanged(integer) from public;
