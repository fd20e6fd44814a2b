create or replace function pymap._sync_listing(
    p_argument text,
    p_client_id bigint,
    p_client_type text,
    p_media_types text[],
    p_max_removed_fraction numeric,
    p_allow_removals boolean,
    p_dry_run boolean,
    p_tenant_id bigint
)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_media_types constant text[] := case
        -- What is a selection by its nature says nothing of the rest.
        when exists (select from pg_temp.pymap_listing as l where l.item #> '{listing,selection}' is not null) then '{}'
        else coalesce(
            p_media_types,
            array(
                select distinct l.item ->> 'type'
                from pg_temp.pymap_listing as l
                where l.item ? 'itemId' and not (l.item ? 'error')
            )
        )
    end;
    v_is_kept boolean;
begin
    v_is_kept := pymap._keep_all(p_client_id, p_client_type, v_media_types, p_tenant_id);
    if not v_is_kept then
        perform pymap._check_listing(p_argument);
    end if;
    if not p_allow_removals then
        perform pymap._check_completeness(p_client_id);
    end if;
    if v_is_kept then
        return;
    end if;
    if not p_dry_run then
        perform pymap._lock_tenant('identity', p_tenant_id);
    end if;

    for v_attempt in 1..100 loop
        -- Whoever maps single items of this very listing could go on disturbing it for ever.
        if v_attempt > 1 then
            perform pymap._lock_tenant('writing', p_tenant_id);
        end if;
        begin
            perform pymap._progress('reading');
            perform pymap._stage_entries(p_client_id, p_client_type, p_tenant_id);
            perform pymap._match_listing(p_client_id, v_media_types, p_tenant_id);
            perform pymap._find_losses(p_client_id, v_media_types, p_tenant_id);
            if not p_allow_removals then
                perform pymap._check_losses(p_client_id, p_max_removed_fraction, p_tenant_id);
            end if;
            if not p_dry_run then
                perform pymap._write_entries(p_client_id, p_client_type, p_tenant_id);
                perform pymap._note_sync(p_client_id, p_tenant_id);
            end if;
            return;
        exception
            -- Another session was faster. All claims are undone: look again with a fresh snapshot.
            when sqlstate 'PM999' then null;
        end;
    end loop;
    perform pymap._give_up();
end
$function$;

comment on function pymap._sync_listing(text, bigint, text, text[], numeric, boolean, boolean, bigint) is
'Private. Makes the mappings of a client agree with pg_temp.pymap_listing, the items of an argument. Leaves the results '
'in pymap_kept, pymap_entries and pymap_losses. Errors: 22023, PM004, 40001.';

revoke all on function pymap._sync_listing(text, bigint, text, text[], numeric, boolean, boolean, bigint) from public;
