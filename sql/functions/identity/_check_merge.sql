create or replace function pymap._check_merge(p_keep_id bigint, p_duplicate_id bigint, p_tenant_id bigint)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_keep pymap.media_items;
    v_duplicate pymap.media_items;
begin
    select i.* into v_keep from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = p_keep_id;
    select i.* into v_duplicate from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = p_duplicate_id;

    if p_keep_id = p_duplicate_id then
        perform pymap._invalid_argument('p_duplicate_id', p_duplicate_id::text, 'Both IDs stand for the media item to keep.');
    elsif v_keep.type <> v_duplicate.type then
        perform pymap._invalid_argument(
            'p_duplicate_id', p_duplicate_id::text,
            format('It is of type %s, media item %s of type %s.', v_duplicate.type, p_keep_id, v_keep.type)
        );
    elsif pymap._is_part_of(p_keep_id, p_duplicate_id, p_tenant_id)
          or pymap._is_part_of(p_duplicate_id, p_keep_id, p_tenant_id)
    then
        perform pymap._invalid_argument(
            'p_duplicate_id', p_duplicate_id::text, format('Media item %s is part of this one, or this one is part of it.', p_keep_id)
        );
    elsif p_duplicate_id in (select d.id from pymap._distinct_from(p_keep_id, p_tenant_id) as d (id)) then
        raise exception 'media items % and % are distinct', p_keep_id, p_duplicate_id
            using errcode = 'PM005',
                  detail = format('mark_distinct was called for media items %s and %s.', p_keep_id, p_duplicate_id),
                  hint = format('If that is wrong, undo the event ''distinct'' that history(%s) shows.', p_duplicate_id);
    end if;
end
$function$;

comment on function pymap._check_merge(bigint, bigint, bigint) is
'Private. Raises 22023 or PM005 if two media items cannot be merged.';

revoke all on function pymap._check_merge(bigint, bigint, bigint) from public;
