create or replace function pymap._note_sync(p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    update pymap.clients as c
    set changed_at = clock_timestamp()
    where c.tenant_id = p_tenant_id
      and c.client_id = p_client_id
      -- A sync that changes nothing writes nothing.
      and (
          exists (select from pg_temp.pymap_entries as e where not e.is_unchanged)
          or exists (select from pg_temp.pymap_losses)
      );
end
$function$;

comment on function pymap._note_sync(bigint, bigint) is
'Private. Notes the time if a sync has changed something of a client.';

revoke all on function pymap._note_sync(bigint, bigint) from public;
