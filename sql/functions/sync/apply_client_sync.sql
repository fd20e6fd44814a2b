create or replace function pymap.apply_client_sync(
    p_client_id bigint,
    p_client_type text,
    p_media_types text[] default null,
    p_max_removed_fraction numeric default 0.2,
    p_allow_removals boolean default false,
    p_dry_run boolean default false,
    p_tenant_id bigint default 0
)
returns table (client_item_id text, media_type text, media_item_id bigint, action text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $function$
declare
    v_begun text;
begin
    perform pymap._check_sync_client('apply_client_sync', p_client_id, p_client_type, p_tenant_id);
    perform pymap._check_sync_options(p_media_types, p_max_removed_fraction, p_allow_removals, p_dry_run);
    if pymap._has_staging() then
        select format('%s %s %s', b.client_id, b.client_type, b.tenant_id)
        into v_begun
        from pg_temp.pymap_begun as b
        where b.xid = pg_current_xact_id();
    end if;
    if v_begun is null then
        raise exception 'no sync was begun in this transaction'
            using errcode = 'object_not_in_prerequisite_state',
                  hint = 'Call begin_client_sync and COPY the items first, in the same transaction.';
    end if;
    if v_begun <> format('%s %s %s', p_client_id, p_client_type, p_tenant_id) then
        perform pymap._invalid_argument(
            'p_client_id', p_client_id::text,
            format('The sync was begun for client, type and tenant %s.', v_begun)
        );
    end if;
    perform pymap._analyze_listing();
    perform pymap._progress('checking');
    perform pymap._empty_staging();
    perform pymap._sync_listing(
        'pymap_listing', p_client_id, p_client_type, p_media_types, p_max_removed_fraction, p_allow_removals, p_dry_run,
        p_tenant_id
    );
    return query select * from pymap._listing_results(p_dry_run);
end
$function$;

comment on function pymap.apply_client_sync(bigint, text, text[], numeric, boolean, boolean, bigint) is
$comment$Syncs a big listing, step three of three: does what sync_client_items does, for the items that were copied
into the table of begin_client_sync.
Parameters: p_client_id and p_client_type, as given to begin_client_sync; p_media_types, the types that the listing
covers, NULL for those that occur in it; p_max_removed_fraction, the share of a type's mappings that may be removed, 0
to 1, as in sync_client_items; p_allow_removals, true lifts the limit and accepts an incomplete listing; p_dry_run,
true writes nothing; p_tenant_id.
Returns the rows of sync_client_items, and empties the table. With the setting pymap.progress = on it raises NOTICEs
such as 'pymap: matching 20000 of 60000'.
Errors: those of sync_client_items. 22023 names the item as pymap_listing[position], and is also raised if the sync
was begun for another client. 55000 if no sync was begun in this transaction.$comment$;

revoke all on function pymap.apply_client_sync(bigint, text, text[], numeric, boolean, boolean, bigint) from public;
grant execute on function pymap.apply_client_sync(bigint, text, text[], numeric, boolean, boolean, bigint) to pymap_writer;
