create or replace function pymap._check_media_item(p_argument text, p_media_item_id bigint, p_tenant_id bigint)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if not exists (
        select from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = p_media_item_id
    ) then
        raise exception 'media item % does not exist', coalesce(p_media_item_id::text, 'NULL')
            using errcode = 'no_data_found',
                  detail = format('%s is %s, p_tenant_id is %s.', p_argument, coalesce(p_media_item_id::text, 'NULL'), p_tenant_id),
                  hint = 'Look up valid IDs in pymap.media_items or with get_media_item_by_client_id.';
    end if;
end
$function$;

comment on function pymap._check_media_item(text, bigint, bigint) is
'Private. Raises P0002 unless the media item exists.';

revoke all on function pymap._check_media_item(text, bigint, bigint) from public;
grant execute on function pymap._check_media_item(text, bigint, bigint) to pymap_reader;
