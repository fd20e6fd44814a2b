create or replace function pymap._open_staging()
returns void
language plpgsql
as $function$
begin
    if not pymap._has_staging() then
        create temporary table pymap_listing (
            position bigint generated always as identity,
            item jsonb
        ) on commit drop;
        create temporary table pymap_entries (
            n bigint primary key,
            position bigint,
            asked_ids text[],
            client_item_id text collate "C",
            media_type text collate "C",
            title text,
            release_year integer,
            external_ids jsonb,
            data jsonb,
            parent_item_id text collate "C",
            parent_id bigint,
            parent_number integer,
            number integer,
            -- The media item of the mapping that there is; it decides, unless disputed.
            known_id bigint,
            -- What that one is part of.
            known_parent_id bigint,
            -- Whether the entry has to be compared with what is stored.
            open boolean,
            -- Whether what it is part of turned out to be something else than before.
            parent_moved boolean,
            -- The media item that the entry turns out to be; -n of the entry that leads its group while it is none.
            media_item_id bigint,
            leader bigint,
            action text,
            evidence text
        ) on commit drop;
        -- Nodes are entries (n > 0) and media items (n = -id). A fact is an external ID that a node has; a source that
        -- begins with # is none, it only tells nodes apart.
        create temporary table pymap_facts (
            n bigint,
            media_type text collate "C",
            source text collate "C",
            external_id text collate "C",
            is_open boolean,
            key bigint
        ) on commit drop;
        create temporary table pymap_hits (n bigint, media_item_id bigint, shared bigint) on commit drop;
        create temporary table pymap_matches (
            media_item_id bigint primary key,
            media_type text collate "C",
            external_ids jsonb
        ) on commit drop;
        create temporary table pymap_links (key bigint, n bigint) on commit drop;
        create temporary table pymap_nodes (n bigint, label bigint) on commit drop;
        create temporary table pymap_candidates (
            n bigint,
            place bigint,
            media_item_id bigint,
            key bigint,
            in_doubt boolean
        ) on commit drop;
        create temporary table pymap_reviews (n bigint, media_item_id bigint, evidence text) on commit drop;
        create temporary table pymap_merges (
            duplicate_id bigint primary key,
            keep_id bigint,
            evidence text
        ) on commit drop;
        create temporary table pymap_losses (
            client_item_id text collate "C",
            media_type text collate "C",
            known_id bigint,
            media_item_id bigint,
            vanished boolean,
            replaced boolean
        ) on commit drop;
        create temporary table pymap_additions (
            media_item_id bigint,
            media_type text collate "C",
            source text collate "C",
            external_id text collate "C",
            element jsonb,
            is_listed boolean
        ) on commit drop;
        return;
    end if;

    if exists (select from pg_temp.pymap_listing) then
        raise exception 'a listing is being synced in this transaction'
            using errcode = 'object_not_in_prerequisite_state',
                  hint = 'Call apply_client_sync first, or roll back.';
    end if;
    perform pymap._empty_staging();
    truncate pg_temp.pymap_listing restart identity;
end
$function$;

comment on function pymap._open_staging() is
'Private. Makes, or empties, the temporary tables in which a listing is matched. Errors: 55000 if one is open already.';

revoke all on function pymap._open_staging() from public;
