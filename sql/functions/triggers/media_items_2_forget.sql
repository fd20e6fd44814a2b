create or replace function pymap._forget_media_items()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- The DELETE below fires this trigger again, also if it finds nothing.
    if not exists (select from old_rows) then
        return null;
    end if;

    update pymap.media_items as i
    set parent_id = null
    from old_rows as o
    where i.tenant_id = o.tenant_id and i.parent_id = o.id;
    update pymap.client_items as c
    set parent_id = null
    from old_rows as o
    where c.tenant_id = o.tenant_id and c.parent_id = o.id;

    -- A redirect goes with the item that it leads to.
    delete from pymap.media_items as i
    using old_rows as o
    where i.tenant_id = o.tenant_id and i.merged_into = o.id;

    delete from pymap.review_candidates as r
    using old_rows as o
    where r.tenant_id = o.tenant_id and r.media_item_id = o.id;
    delete from pymap.review_candidates as r
    using old_rows as o
    where r.tenant_id = o.tenant_id and r.candidate_id = o.id;

    delete from pymap.distinct_pairs as p
    using old_rows as o
    where p.tenant_id = o.tenant_id and p.media_item_id = o.id;
    delete from pymap.distinct_pairs as p
    using old_rows as o
    where p.tenant_id = o.tenant_id and p.other_id = o.id;
    return null;
end
$function$;

comment on function pymap._forget_media_items() is
'Trigger. Removes references to deleted media items: children lose their parent; redirects, reviews and distinct pairs '
'are deleted.';

revoke all on function pymap._forget_media_items() from public;

create or replace trigger media_items_2_forget_on_delete
after delete on pymap.media_items
referencing old table as old_rows
for each statement execute function pymap._forget_media_items();
