create or replace function pymap.check_integrity(p_tenant_id bigint default 0)
returns table (severity text, kind text, tenant_id bigint, media_item_id bigint, detail text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._require_tenant(p_tenant_id);
    return query
    select 'error', f.kind, p_tenant_id, f.media_item_id, f.detail
    from (
        select * from pymap._lookup_damage(p_tenant_id)
        union all
        select * from pymap._reference_damage(p_tenant_id)
    ) as f
    order by f.kind, f.media_item_id, f.detail;
    return query
    select 'warning', f.kind, p_tenant_id, f.media_item_id, f.detail
    from pymap._suspicions(p_tenant_id) as f
    order by f.kind, f.media_item_id, f.detail;
end
$function$;

comment on function pymap.check_integrity(bigint) is
$comment$Looks for damage and for suspicious data. Reads everything; nothing waits for it.
Parameters: p_tenant_id.
Returns rows severity, kind, tenant_id, media_item_id, detail; the errors first. rebuild_lookup repairs these errors,
unless two arrays claim one mapping: 'not_canonical' (an array that was written with triggers off), 'mapping_missing',
'mapping_stale', 'external_id_missing', 'external_id_stale' (the lookup tables and the arrays disagree),
'client_missing', 'client_type_mismatch'. 'not_valid' is an array that the triggers would have refused; write it anew.
Errors in references between media items: 'orphaned_child' (its parent does not exist, or is a redirect),
'parent_cycle' (it is a part of itself), 'dangling_redirect', 'redirect_chain'. Warnings: 'shared_external_id'
(several media items of a type have it), 'contradicting_external_ids' (one media item has several IDs of one source),
'no_client' (no mapping and no children).
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.check_integrity(bigint) from public;
grant execute on function pymap.check_integrity(bigint) to pymap_reader;
