-- The core: media items with their two public arrays, and the private tables
-- that the triggers in sql/functions/triggers/ derive from them.
-- Every statement survives being applied again: yoyo commits its mark separately.

-- Nothing that somebody has put into another schema may get into constraints, defaults and policies.
set local search_path = pg_catalog, pg_temp;

do $check$
begin
    if current_setting('server_version_num')::integer < 150000 then
        raise exception 'pymap needs PostgreSQL 15 or later, this is %', current_setting('server_version')
            using errcode = 'feature_not_supported';
    end if;
    if current_setting('server_encoding') <> 'UTF8' then
        raise exception 'pymap needs a database with encoding UTF8, this one has %', current_setting('server_encoding')
            using errcode = 'feature_not_supported',
                  hint = 'create database … encoding ''UTF8'' template template0';
    end if;
end
$check$;

-- Roles belong to the whole cluster: another database may create them at the same moment.
do $roles$
declare
    v_role text;
begin
    foreach v_role in array array['pymap_reader', 'pymap_writer'] loop
        if to_regrole(v_role) is null then
            begin
                execute format('create role %I nologin', v_role);
            exception
                when duplicate_object or unique_violation then null;
                when insufficient_privilege then
                    raise exception 'role % does not exist and % may not create it', v_role, current_user
                        using errcode = 'insufficient_privilege',
                              hint = 'As a role with CREATEROLE: create role pymap_reader nologin; '
                                     'create role pymap_writer nologin in role pymap_reader;';
            end;
        end if;
    end loop;
    if not pg_has_role('pymap_writer', 'pymap_reader', 'usage') then
        grant pymap_reader to pymap_writer;
    end if;
end
$roles$;

create schema if not exists pymap;

comment on schema pymap is
'Which item IDs of media servers mean the same media item. Public: the functions without a leading underscore, '
'the tables media_items and media_types. Everything else is private.';

grant usage on schema pymap to pymap_reader;

create table if not exists pymap.media_types (
    name text collate "C" primary key,
    level integer not null default 0,
    parent_types text[] not null default '{}',
    number_key text,
    parent_number_key text,
    path_parts integer not null default 2,
    is_folder boolean not null default false,
    title_identifies boolean not null default true,
    constraint media_types_name_check check (name ~ '^[a-z][a-z0-9_]{0,49}$'),
    constraint media_types_level_check check (level between 0 and 9),
    constraint media_types_parent_types_check check ((level = 0) = (parent_types = '{}')),
    constraint media_types_path_parts_check check (path_parts between 2 and 9)
);

comment on table pymap.media_types is
'The media types that items can have, shared by all tenants. A DBA adds one with an INSERT. The defaults suit a type '
'without parents.';
comment on column pymap.media_types.level is
'0 for a type without parents; a part has a higher level than all its parent types. Lower levels are matched first.';
comment on column pymap.media_types.parent_types is
'The types of which an item of this type can be part. The first type is preferred: an episode whose server names its '
'season as parent becomes part of the series.';
comment on column pymap.media_types.number_key is
'The key in a listing''s item for its number among its siblings, such as episodeNumber.';
comment on column pymap.media_types.parent_number_key is
'The key in a listing''s item for the group within which it is numbered, such as seasonNumber for an episode.';
comment on column pymap.media_types.path_parts is
'The number of last components of a file path that are compared.';
comment on column pymap.media_types.is_folder is 'Whether the path is a folder, which has no extension.';
comment on column pymap.media_types.title_identifies is
'Whether an equal title is evidence. It is not for playlists: two playlists called Favourites are two playlists.';

grant select on pymap.media_types to pymap_reader;

insert into pymap.media_types (name, level, parent_types, number_key, parent_number_key, path_parts, is_folder, title_identifies)
values
    ('movie', 0, '{}', null, null, 2, false, true),
    ('series', 0, '{}', null, null, 2, true, true),
    ('season', 1, '{series}', 'seasonNumber', null, 2, true, true),
    ('episode', 2, '{series,season}', 'episodeNumber', 'seasonNumber', 3, false, true),
    ('artist', 0, '{}', null, null, 2, true, true),
    ('album', 1, '{artist}', null, null, 2, true, true),
    ('track', 2, '{album}', 'trackNumber', 'discNumber', 2, false, true),
    ('music_video', 0, '{}', null, null, 2, false, true),
    ('playlist', 0, '{}', null, null, 2, false, false),
    ('collection', 0, '{}', null, null, 2, false, true),
    ('photo', 0, '{}', null, null, 2, false, false),
    ('book', 0, '{}', null, null, 2, false, true),
    ('audiobook', 0, '{}', null, null, 2, false, true),
    ('video', 0, '{}', null, null, 2, false, true)
on conflict do nothing;

-- The array checks use jsonpath alone: a CHECK that called a function of ours could break a restore.
create table if not exists pymap.media_items (
    tenant_id bigint not null default 0,
    id bigint generated by default as identity,
    type text collate "C" not null,
    title text,
    release_year integer,
    sync_clients jsonb not null default '[]',
    external_ids jsonb not null default '[]',
    data jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    parent_id bigint,
    parent_number integer,
    number integer,
    merged_into bigint,
    title_key text collate "C",
    constraint media_items_pkey primary key (tenant_id, id),
    constraint media_items_type_fkey foreign key (type) references pymap.media_types (name),
    constraint media_items_id_check check (id >= 1),
    constraint media_items_release_year_check check (release_year between 1 and 9999),
    constraint media_items_data_check check (jsonb_typeof(data) = 'object'),
    constraint media_items_merged_into_check check (
        merged_into is null or merged_into <> id and sync_clients = '[]' and external_ids = '[]' and parent_id is null
    ),
    constraint media_items_sync_clients_check check (
        jsonb_typeof(sync_clients) = 'array'
        and not sync_clients @? 'strict $[*] ? (
            !(@.clientId.type() == "number" && @.clientType.type() == "string" && @.itemId.type() == "string")
            || (@.clientId.type() == "number" && @.clientType.type() == "string" && @.itemId.type() == "string") is unknown
        )'
    ),
    constraint media_items_external_ids_check check (
        jsonb_typeof(external_ids) = 'array'
        and not external_ids @? 'strict $[*] ? (
            !(@.source.type() == "string" && @.id.type() == "string")
            || (@.source.type() == "string" && @.id.type() == "string") is unknown
        )'
    )
);

-- The one unique key without the tenant, so that tables of a single household can reference an item by its ID.
create unique index if not exists media_items_id_key on pymap.media_items (id);

create index if not exists media_items_sync_clients_idx
on pymap.media_items using gin (sync_clients jsonb_path_ops) with (fastupdate = off);

create index if not exists media_items_external_ids_idx
on pymap.media_items using gin (external_ids jsonb_path_ops) with (fastupdate = off);

-- What has a number is found below its parent, not by its title.
create index if not exists media_items_title_idx
on pymap.media_items (tenant_id, type, title_key)
where title_key is not null and number is null and merged_into is null;

create index if not exists media_items_parent_idx
on pymap.media_items (tenant_id, parent_id, type, number, title_key)
where parent_id is not null;

create index if not exists media_items_merged_into_idx
on pymap.media_items (tenant_id, merged_into)
where merged_into is not null;

comment on table pymap.media_items is
'One row per media item. The columns are public: read them with your own SQL. Applications may write sync_clients and '
'external_ids directly; triggers canonicalise them and keep the lookup tables in step.';
comment on column pymap.media_items.tenant_id is 'The household; 0 if there is only one.';
comment on column pymap.media_items.id is 'The media item''s ID, from 1 up; neither dense nor ordered.';
comment on column pymap.media_items.type is 'The media type, one of pymap.media_types.';
comment on column pymap.media_items.release_year is 'Year of release, 1 to 9999; null if unknown.';
comment on column pymap.media_items.sync_clients is
'Mappings: [{"clientId": 123, "clientType": "plex", "itemId": "abc"}, …]. Other keys are kept. '
'Search with @> pymap.sync_client_pattern(client_id, client_item_id).';
comment on column pymap.media_items.external_ids is
'IDs of metadata providers: [{"source": "imdb", "id": "tt0133093"}, …]. They are unique only within a media type.';
comment on column pymap.media_items.data is 'The application''s own object; pymap never reads it.';
comment on column pymap.media_items.parent_id is
'The media item that this one is part of: the series of a season or an episode, the artist of an album, the album of a track.';
comment on column pymap.media_items.parent_number is 'The season of an episode, the disc of a track.';
comment on column pymap.media_items.number is 'The number of a season, an episode, a track.';
comment on column pymap.media_items.merged_into is
'The media item into which this one was merged, which is never a redirect itself. The merged item keeps its row so that '
'its ID stays valid.';
comment on column pymap.media_items.title_key is
'The title folded for comparison. A trigger writes it.';

grant select, insert, update, delete on pymap.media_items to pymap_writer;
grant select on pymap.media_items to pymap_reader;

create table if not exists pymap.clients (
    tenant_id bigint not null default 0,
    client_id bigint not null,
    client_type text collate "C" not null,
    changed_at timestamptz,
    constraint clients_pkey primary key (tenant_id, client_id),
    constraint clients_client_id_check check (client_id >= 1),
    constraint clients_client_type_check check (client_type ~ '^[a-z][a-z0-9_-]{0,49}$')
);

comment on table pymap.clients is 'Private. The client type of every client that has or had mappings.';
comment on column pymap.clients.changed_at is 'When a sync last changed something of the client.';

create table if not exists pymap.client_items (
    tenant_id bigint not null default 0,
    client_id bigint not null,
    client_item_id text collate "C" not null,
    media_type text collate "C" not null,
    media_item_id bigint not null,
    told_hash bigint,
    title text,
    title_key text collate "C",
    title_is_unique boolean not null default false,
    release_year integer,
    external_ids jsonb not null default '{}',
    parent_item_id text collate "C",
    parent_id bigint,
    parent_number integer,
    number integer,
    path_key text collate "C",
    evidence text collate "C",
    weight integer,
    comparisons jsonb,
    constraint client_items_pkey
        primary key (tenant_id, client_id, client_item_id, media_type) include (media_item_id),
    constraint client_items_client_item_id_check check (octet_length(client_item_id) between 1 and 1024)
);

create index if not exists client_items_media_item_idx on pymap.client_items (tenant_id, media_item_id);

create index if not exists client_items_title_idx
on pymap.client_items (tenant_id, media_type, title_key)
where title_key is not null and number is null;

create index if not exists client_items_parent_idx
on pymap.client_items (tenant_id, parent_id, media_type, number, title_key)
where parent_id is not null;

create index if not exists client_items_path_idx
on pymap.client_items (tenant_id, media_type, path_key)
where path_key is not null;

comment on table pymap.client_items is
'Private. One row per mapping, that is per element of media_items.sync_clients, with what the client last reported. '
'Triggers keep the mappings in step with the arrays; the functions that map write what was reported.';
comment on column pymap.client_items.told_hash is
'A hash of all that the client reported; null if an application wrote the mapping and the client has not reported the item yet.';
comment on column pymap.client_items.title_is_unique is
'Whether no sibling in the client''s listing has the same title.';
comment on column pymap.client_items.external_ids is
'The external IDs that came with this mapping: {"imdb": ["tt0133093"], …}, sorted.';
comment on column pymap.client_items.parent_id is
'The media item that parent_item_id stood for when the client reported it.';
comment on column pymap.client_items.path_key is
'The last components of the file''s path, folded, the last one first; null if another item of the listing has them too.';
comment on column pymap.client_items.evidence is
'The strongest evidence for the mapping: external_ids, file, numbers, title; or the action that made it, such as merge.';
comment on column pymap.client_items.weight is 'The weight of all evidence together.';
comment on column pymap.client_items.comparisons is 'The weight of each comparison: {"imdb": 12, "title": 6, …}.';

create table if not exists pymap.external_ids (
    tenant_id bigint not null default 0,
    source text collate "C" not null,
    external_id text collate "C" not null,
    media_type text collate "C" not null,
    slot bigint not null,
    media_item_id bigint not null,
    constraint external_ids_pkey
        primary key (tenant_id, source, external_id, media_type, slot) include (media_item_id),
    constraint external_ids_slot_check check (slot in (0, media_item_id))
);

comment on table pymap.external_ids is
'Private, written by triggers: one row per element of media_items.external_ids.';
comment on column pymap.external_ids.slot is
'0 for the item that claimed the external ID first, the item''s own ID for all others. '
'Two sessions that create the same film collide at slot 0, which is unique.';

-- What one thing and another say of themselves, and how well two of them agree, the worst outcome first.
do $types$
begin
    if to_regtype('pymap.description') is null then
        create type pymap.description as (
            title text,
            title_key text,
            title_is_unique boolean,
            release_year integer,
            external_ids jsonb,
            parent_id bigint,
            parent_number integer,
            number integer,
            path_key text
        );
    end if;
    if to_regtype('pymap.mapping_change') is null then
        create type pymap.mapping_change as (
            tenant_id bigint,
            client_id bigint,
            client_item_id text,
            media_type text,
            media_item_before bigint,
            media_item_after bigint,
            client_type text,
            old_element jsonb,
            old_position bigint
        );
        create type pymap.external_id_change as (
            tenant_id bigint,
            source text,
            external_id text,
            media_type text,
            media_item_id bigint,
            is_gone boolean
        );
    end if;
    if to_regtype('pymap.event') is null then
        create type pymap.event as (
            tenant_id bigint,
            id bigint,
            epoch integer,
            xid xid8,
            kind text,
            client_id bigint,
            client_item_id text,
            media_type text,
            media_item_before bigint,
            media_item_after bigint,
            details jsonb
        );
    end if;
    if to_regtype('pymap.agreement') is null then
        create type pymap.agreement as enum (
            'differs', 'other parent', 'other place', 'one unknown', 'one off', 'both unknown', 'same parent', 'overlaps',
            'agrees', 'spelled alike', 'unique', 'same place'
        );
    end if;
end
$types$;

comment on type pymap.description is 'Private. A description of a thing, from a client or from a media item''s own columns.';
comment on type pymap.mapping_change is 'Private. What a statement on media_items did to one mapping.';
comment on type pymap.external_id_change is 'Private. What a statement on media_items did to one external ID.';
comment on type pymap.event is 'Private. What undo needs of a row of mapping_events.';
comment on type pymap.agreement is 'Private. The outcome of comparing one field of two descriptions, the worst first.';

create table if not exists pymap.match_weights (
    evidence text collate "C" not null,
    outcome text collate "C" not null,
    weight integer not null,
    reason text not null,
    constraint match_weights_pkey primary key (evidence, outcome)
);

comment on table pymap.match_weights is
'The weight of each outcome of a comparison, and the thresholds. Shared by all tenants. '
'sql/functions/matching/match_weights.sql fills it; docs/matching.md explains it.';

grant select on pymap.match_weights to pymap_reader;

create table if not exists pymap.review_candidates (
    tenant_id bigint not null default 0,
    media_item_id bigint not null,
    candidate_id bigint not null,
    evidence text collate "C" not null,
    weight integer not null,
    comparisons jsonb not null,
    noted_at timestamptz not null default now(),
    constraint review_candidates_pkey primary key (tenant_id, media_item_id, candidate_id)
);

create index if not exists review_candidates_candidate_idx on pymap.review_candidates (tenant_id, candidate_id);

comment on table pymap.review_candidates is
'Private. Media items that were created because a match was ambiguous, with the media items that each of them may be.';

create table if not exists pymap.mapping_events (
    tenant_id bigint not null default 0,
    id bigint generated always as identity,
    -- IDs are drawn before their transactions commit. Followers read in the order (epoch, position, id): see changes_since.
    epoch integer not null,
    -- Of the database cluster in which the event was written, which is what the transaction numbers belong to.
    system_identifier bigint not null,
    -- No lower than that of any event that had committed before: who waited for a lock comes after who held it.
    position xid8 not null,
    xid xid8 not null default pg_current_xact_id(),
    happened_at timestamptz not null default now(),
    actor text not null default coalesce(nullif(current_setting('pymap.actor', true), ''), session_user),
    kind text collate "C" not null,
    client_id bigint,
    client_item_id text collate "C",
    media_type text collate "C" not null,
    media_item_before bigint,
    media_item_after bigint,
    evidence text collate "C",
    weight integer,
    comparisons jsonb,
    details jsonb,
    undoes bigint,
    constraint mapping_events_pkey primary key (tenant_id, id),
    constraint mapping_events_kind_check check (
        kind in ('mapped', 'unmapped', 'moved', 'merged', 'split', 'distinct', 'undone')
    )
);

create index if not exists mapping_events_feed_idx on pymap.mapping_events (tenant_id, epoch, position, id);

create index if not exists mapping_events_before_idx
on pymap.mapping_events (tenant_id, media_item_before)
where media_item_before is not null;

create index if not exists mapping_events_after_idx
on pymap.mapping_events (tenant_id, media_item_after)
where media_item_after is not null;

create index if not exists mapping_events_undoes_idx
on pymap.mapping_events (tenant_id, undoes)
where undoes is not null;

comment on table pymap.mapping_events is
'Private, written by triggers and by the functions that fix identity; read it with changes_since and history. One row for '
'each change of a mapping, however it was made, and for each merge, split, mark_distinct and undo.';
comment on column pymap.mapping_events.details is 'What undo needs.';

create table if not exists pymap.distinct_pairs (
    tenant_id bigint not null default 0,
    media_item_id bigint not null,
    other_id bigint not null,
    noted_at timestamptz not null default now(),
    constraint distinct_pairs_pkey primary key (tenant_id, media_item_id, other_id),
    constraint distinct_pairs_order_check check (media_item_id < other_id)
);

create index if not exists distinct_pairs_other_idx on pymap.distinct_pairs (tenant_id, other_id);

comment on table pymap.distinct_pairs is
'Private. Pairs of media items that are known to be distinct, the older one first. A merge does not change the pairs: '
'readers follow merged_into.';

create table if not exists pymap.locks (
    tenant_id bigint not null default 0,
    name text collate "C" not null,
    constraint locks_pkey primary key (tenant_id, name),
    constraint locks_name_check check (name in ('identity', 'writing'))
);

-- Other tenants get theirs by their first sync.
insert into pymap.locks (tenant_id, name) values (0, 'identity'), (0, 'writing') on conflict do nothing;

comment on table pymap.locks is
'Private. Rows to lock. identity: a tenant''s syncs, merges, splits and undos run one at a time. writing: sessions that map '
'single items share it; a sync that was disturbed takes it alone.';

grant select on pymap.clients, pymap.client_items, pymap.external_ids, pymap.review_candidates, pymap.mapping_events,
    pymap.distinct_pairs to pymap_reader;

-- yoyo's own tables are where the default says.
set local search_path to default;
