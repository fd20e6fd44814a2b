-- Syncing: what an item is part of, redirects of merged items, folded titles, matches that a person has to decide.

-- Functions that changed their parameters or their result: create or replace would fail, or leave both.
drop function if exists pymap._check_items(jsonb);
drop function if exists pymap._read_item(jsonb);
drop function if exists pymap._stage_entries(bigint, text, jsonb, bigint);
drop function if exists pymap._sync_client(bigint, text, text);

alter table pymap.media_items
add column if not exists parent_id bigint,
add column if not exists parent_number integer,
add column if not exists number integer,
add column if not exists merged_into bigint;

alter table pymap.media_items drop constraint if exists media_items_merged_into_check;
alter table pymap.media_items add constraint media_items_merged_into_check check (
    merged_into is null or merged_into <> id and sync_clients = '[]' and external_ids = '[]' and parent_id is null
);

comment on column pymap.media_items.parent_id is
'What it is part of: the series of a season or an episode, the artist of an album, the album of a track.';
comment on column pymap.media_items.parent_number is 'The season of an episode, the disc of a track.';
comment on column pymap.media_items.number is 'The number of a season, an episode, a track.';
comment on column pymap.media_items.merged_into is
'The media item into which this one was merged; it keeps its row so that its ID stays valid. Never a redirect itself.';

-- In a migration, because an index is made of it. Letter case without the database's locale, whose next version may
-- fold differently; ß, æ and their like, which Unicode does not decompose, by hand.
create or replace function pymap._title_key(p_title text)
returns text
language sql
immutable
parallel safe
return left(coalesce(
    nullif(
        regexp_replace(
            replace(replace(replace(replace(
                translate(
                    lower(normalize(p_title, nfkd) collate "C"),
                    'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЄҐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςØøŁłĐđÐðÞþÆŒıẞ',
                    'абвгдежзиклмнопрстуфхцчшщъыьэюяієґαβγδεζηθικλμνξοπρστυφχψωσoollddddþþæœiß'
                ),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), '&', 'and'),
            '[\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u036f\u2000-\u206f\u20a0-\u2bff\u3000-\u303f\u30fb\ufe00-\ufe0f]+',
            '', 'g'
        ),
        ''
    ),
    lower(p_title collate "C")
), 250);

comment on function pymap._title_key(text) is
'Private. A title folded for comparison: no case, accents, punctuation or spaces; a title of nothing but symbols as it is; at most 250 characters.';

create index if not exists media_items_title_idx
on pymap.media_items (tenant_id, type, pymap._title_key(title), release_year)
where title is not null and merged_into is null;

create index if not exists media_items_parent_idx
on pymap.media_items (tenant_id, parent_id, type, parent_number, number)
where parent_id is not null;

create index if not exists media_items_merged_into_idx
on pymap.media_items (tenant_id, merged_into)
where merged_into is not null;

create table if not exists pymap.review_candidates (
    tenant_id bigint not null default 0,
    media_item_id bigint not null,
    candidate_id bigint not null,
    evidence text collate "C" not null,
    noted_at timestamptz not null default now(),
    constraint review_candidates_pkey primary key (tenant_id, media_item_id, candidate_id),
    constraint review_candidates_evidence_check check (evidence in ('external_ids', 'numbers', 'title'))
);

create index if not exists review_candidates_candidate_idx on pymap.review_candidates (tenant_id, candidate_id);

comment on table pymap.review_candidates is
'Private. Media items that a sync made because a match was ambiguous, with the items that each of them may be.';

grant select on pymap.review_candidates to pymap_reader;

alter table pymap.review_candidates enable row level security;
drop policy if exists tenant_isolation on pymap.review_candidates;
create policy tenant_isolation on pymap.review_candidates
using (tenant_id = coalesce(nullif(current_setting('pymap.tenant_id', true), '')::bigint, tenant_id));
