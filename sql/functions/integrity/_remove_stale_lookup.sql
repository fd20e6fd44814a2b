create or replace function pymap._remove_stale_lookup(p_media_item_ids bigint[], p_tenant_id bigint)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_mappings bigint;
    v_external_ids bigint;
begin
    delete from pymap.client_items as m
    where m.tenant_id = p_tenant_id
      and m.media_item_id = any (p_media_item_ids)
      and not exists (
          select
          from pymap.media_items as i
          where i.tenant_id = p_tenant_id
            and i.id = m.media_item_id
            and i.type = m.media_type
            and i.sync_clients @> jsonb_build_array(
                jsonb_build_object('clientId', m.client_id, 'itemId', m.client_item_id)
            )
      );
    get diagnostics v_mappings = row_count;

    delete from pymap.external_ids as x
    where x.tenant_id = p_tenant_id
      and x.media_item_id = any (p_media_item_ids)
      and not exists (
          select
          from pymap.media_items as i
          where i.tenant_id = p_tenant_id
            and i.id = x.media_item_id
            and i.type = x.media_type
            and i.external_ids @> jsonb_build_array(jsonb_build_object('source', x.source, 'id', x.external_id))
      );
    get diagnostics v_external_ids = row_count;
    return v_mappings + v_external_ids;
end
$function$;

comment on function pymap._remove_stale_lookup(bigint[], bigint) is
'Private. Removes lookup rows of these media items that no array contains. Returns their number.';

revoke all on function pymap._remove_stale_lookup(bigint[], bigint) from public;
