create or replace function pymap._mark_distinct(p_media_item_id bigint, p_other_id bigint, p_tenant_id bigint)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_older_id constant bigint := least(p_media_item_id, p_other_id);
    v_younger_id constant bigint := greatest(p_media_item_id, p_other_id);
begin
    -- Neither can be deleted before the pair is visible.
    perform
    from pymap.media_items as i
    where i.tenant_id = p_tenant_id and i.id in (v_older_id, v_younger_id)
    order by i.id
    for key share;
    perform pymap._check_media_item('p_media_item_id', p_media_item_id, p_tenant_id);
    perform pymap._check_media_item('p_other_id', p_other_id, p_tenant_id);

    insert into pymap.distinct_pairs (tenant_id, media_item_id, other_id)
    values (p_tenant_id, v_older_id, v_younger_id);
    return pymap._note_event(
        'distinct',
        (select i.type from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = v_older_id),
        v_older_id, v_younger_id, 'manual', null, null, p_tenant_id
    );
end
$function$;

comment on function pymap._mark_distinct(bigint, bigint, bigint) is
'Private. Notes that two media items, neither of which is a redirect, are distinct. Returns the event''s ID. Raises '
'P0002 if one of them has just been deleted.';

revoke all on function pymap._mark_distinct(bigint, bigint, bigint) from public;
