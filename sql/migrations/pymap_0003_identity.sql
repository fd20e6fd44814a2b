-- Identity: what changed and why, merges that can be taken back, media items that are known to differ.

-- Functions that changed their parameters or are not needed any more.
drop function if exists pymap._link_nodes();
drop function if exists pymap._merge_reviews(bigint);

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
'Private, written by triggers and by the functions that fix identity; read it with changes_since and history. One row per '
'change of a mapping, whatever made it, and per merge, split, mark_distinct and undo.';
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
'Private. Media items that somebody said are not the same, the older one first. A merge leaves the pairs as they are: who '
'reads them follows merged_into.';

grant select on pymap.mapping_events, pymap.distinct_pairs to pymap_reader;

do $row_security$
declare
    v_table text;
begin
    foreach v_table in array array['mapping_events', 'distinct_pairs'] loop
        execute format('alter table pymap.%I enable row level security', v_table);
        execute format('drop policy if exists tenant_isolation on pymap.%I', v_table);
        execute format(
            $policy$
            create policy tenant_isolation on pymap.%I
            using (tenant_id = coalesce(nullif(current_setting('pymap.tenant_id', true), '')::bigint, tenant_id))
            $policy$,
            v_table
        );
    end loop;
end
$row_security$;
