create or replace function pymap._undo_distinct(p_event pymap.event)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    delete from pymap.distinct_pairs as p
    where p.tenant_id = p_event.tenant_id
      and p.media_item_id = p_event.media_item_before
      and p.other_id = p_event.media_item_after;
    if not found then
        perform pymap._refuse_undo(
            p_event.id,
            format('Media item %s or %s does not exist any more.', p_event.media_item_before, p_event.media_item_after)
        );
    end if;
end
$function$;

comment on function pymap._undo_distinct(pymap.event) is
'Private. Removes a distinct pair. Errors: PM005 if the pair was removed already.';

revoke all on function pymap._undo_distinct(pymap.event) from public;
