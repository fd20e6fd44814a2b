create or replace function pymap._open_staging()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    if pymap._has_staging() then
        if exists (select from pg_temp.pymap_listing) then
            if exists (select from pg_temp.pymap_begun as b where b.xid = pg_current_xact_id()) then
                raise exception 'a listing is being synced in this transaction'
                    using errcode = 'object_not_in_prerequisite_state',
                          hint = 'Call apply_client_sync first, or roll back.';
            end if;
            perform pymap._empty_listing();
        end if;
        perform pymap._empty_staging();
        return;
    end if;

    perform pymap._widen_temp_buffers();
    -- Kept for the session: tables that are made and dropped bloat the catalogue. Without ON COMMIT DELETE ROWS, after which
    -- every statement that reads them would be planned again.
    create temporary table pymap_listing (
        position bigint generated always as identity primary key,
        item jsonb
    );
    -- Nobody but this session can reach the table.
    grant insert (item) on pg_temp.pymap_listing to public;
    -- The sync that was begun, if one was; it ends with its transaction.
    create temporary table pymap_begun (client_id bigint, client_type text, tenant_id bigint, xid xid8);
    -- The answer, if the listing is what the client told before.
    create temporary table pymap_kept (
        position bigint,
        asked_id text,
        client_item_id text collate "C",
        media_type text collate "C",
        media_item_id bigint
    );
    create temporary table pymap_entries (
        n bigint,
        position bigint,
        -- The client item ID as the caller spelled it, once for each copy in the listing.
        asked_ids text[],
        client_item_id text collate "C",
        media_type text collate "C",
        level integer,
        told_hash bigint,
        parent_item_id text collate "C",
        title text,
        title_key text collate "C",
        title_is_unique boolean not null default true,
        release_year integer,
        external_ids jsonb,
        data jsonb,
        parent_id bigint,
        parent_number integer,
        number integer,
        path_key text collate "C",
        -- The media item of the mapping that was there before.
        known_id bigint,
        known_parent_id bigint,
        -- Whether the client told the same of it before.
        is_unchanged boolean,
        -- The first of the entries that are one thing with this one.
        group_n bigint,
        -- What it turned out to be; NULL until that is decided.
        media_item_id bigint,
        is_new boolean not null default false,
        action text,
        evidence text,
        weight integer,
        comparisons jsonb
    ) with (fillfactor = 30);
    -- Whatever the planner expects, a join on these is never a scan for every row.
    create unique index on pymap_entries (n);
    create index on pymap_entries (client_item_id, media_type);
    create temporary table pymap_pairs (
        n bigint,
        -- As it was found, before it was united with another one: whoever changes it later is noticed.
        found_id bigint,
        updated_at timestamptz
    );
    create temporary table pymap_candidates (
        n bigint,
        media_item_id bigint,
        weight integer,
        -- An external ID of a known source, or a file, agrees.
        is_strong boolean,
        evidence text,
        comparisons jsonb,
        -- The entry is mapped to it.
        is_known boolean,
        is_refused boolean not null default false
    );
    create index on pymap_candidates (n);
    create index on pymap_candidates (media_item_id);
    -- What each group of entries could be, while that is being decided, and what it is.
    create temporary table pymap_claims (
        group_n bigint,
        media_item_id bigint,
        weight integer,
        is_known boolean
    );
    create temporary table pymap_matches (group_n bigint, media_item_id bigint, is_known boolean);
    create index on pymap_matches (group_n);
    create index on pymap_matches (media_item_id);
    -- Pairs of entries that may be one thing.
    create temporary table pymap_links (n bigint, other_n bigint);
    -- Pairs of media items that turned out to be one.
    create temporary table pymap_merges (
        duplicate_id bigint primary key,
        keep_id bigint,
        evidence text,
        weight integer,
        comparisons jsonb
    );
    create index on pymap_merges (keep_id);
    -- Mappings that are not listed any more, or whose ID now stands for something else.
    create temporary table pymap_losses (
        client_item_id text collate "C",
        media_type text collate "C",
        known_id bigint,
        media_item_id bigint,
        vanished boolean,
        replaced boolean
    );
    -- External IDs that media items get.
    create temporary table pymap_additions (
        media_item_id bigint,
        media_type text collate "C",
        source text collate "C",
        external_id text collate "C"
    );
end
$function$;

comment on function pymap._open_staging() is
'Private. Creates or empties the temporary tables in which a listing is matched. Errors: 55000 if a listing is being '
'synced.';

revoke all on function pymap._open_staging() from public;
