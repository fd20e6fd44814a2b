create or replace function pymap._write_entries(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    if not exists (select from pg_temp.pymap_entries as e where not e.is_unchanged)
       and not exists (select from pg_temp.pymap_losses)
       and not exists (select from pg_temp.pymap_merges)
    then
        return;
    end if;
    perform pymap._stage_additions(p_tenant_id);

    -- Locks and claims are taken in one order everywhere: media items, mappings, external IDs, clients;
    -- within each of them by key.
    perform pymap._lock_items(p_tenant_id);
    perform pymap._claim_mappings(p_client_id, p_tenant_id);
    perform pymap._claim_external_ids(p_tenant_id);

    perform pymap._merge_items(p_client_id, p_tenant_id);
    perform pymap._update_items(p_client_id, p_client_type, p_tenant_id);
    perform pymap._insert_items(p_client_id, p_client_type, p_tenant_id);
    perform pymap._note_reviews(p_tenant_id);
end
$function$;

comment on function pymap._write_entries(bigint, text, bigint) is
'Private. Writes what was decided for pg_temp.pymap_entries, pymap_merges and pymap_losses. Raises PM999 if another '
'session was faster. The caller then undoes everything, claims included, and starts again.';

revoke all on function pymap._write_entries(bigint, text, bigint) from public;
