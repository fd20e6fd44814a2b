create or replace function pymap.rebuild_lookup(p_tenant_id bigint default 0)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_damaged bigint[];
    v_rows bigint;
    v_mended bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._require_read_committed(
        'rebuild_lookup', 'It would take changes that other sessions commit meanwhile for damage.'
    );

    v_damaged := array(
        select distinct d.media_item_id from pymap._lookup_damage(p_tenant_id) as d where d.kind <> 'not_valid'
    );
    if v_damaged = '{}' then
        return 0;
    end if;
    -- Nobody changes what is about to be mended; everything else goes on.
    perform pymap._lock_media_items(v_damaged, p_tenant_id);

    v_mended := pymap._remove_stale_lookup(v_damaged, p_tenant_id);
    update pymap.media_items as i
    set sync_clients = c.sync_clients, external_ids = c.external_ids
    from (
        select o.id, pymap._canonical_sync_clients(o.sync_clients) as sync_clients,
               pymap.normalize_external_ids(o.external_ids, o.type) as external_ids
        from unnest(v_damaged) as d (id)
        join pymap.media_items as o on o.tenant_id = p_tenant_id and o.id = d.id
    ) as c
    where i.tenant_id = p_tenant_id
      and i.id = c.id
      and (i.sync_clients, i.external_ids) <> (c.sync_clients, c.external_ids);
    get diagnostics v_rows = row_count;
    return v_mended + v_rows + pymap._add_missing_lookup(v_damaged, p_tenant_id);
end
$function$;

comment on function pymap.rebuild_lookup(bigint) is
$comment$Makes the lookup tables agree with the arrays of media_items, which count as the truth. Arrays that were
written with triggers off are made canonical, unless they are 'not_valid', see check_integrity. Look-ups go on
meanwhile; writers wait only for media items that are being repaired.
Parameters: p_tenant_id.
Returns the number of rows that were wrong.
Errors, with which nothing is written: PM001 if two media items claim one mapping (DETAIL names them); PM003 if the
arrays give a client two types; 22023 for a bad argument; 0A000 in a transaction that is not READ COMMITTED.$comment$;

revoke all on function pymap.rebuild_lookup(bigint) from public;
grant execute on function pymap.rebuild_lookup(bigint) to pymap_writer;
