-- Before items had a path there was one parameter less, and a call that leaves it out would fit both.
drop function if exists pymap._payload_item(
    text, text, text, integer, jsonb, text, integer, integer, integer, integer, text
);

create or replace function pymap._payload_item(
    p_type text,
    p_item_id text,
    p_title text default null,
    p_year integer default null,
    p_external_ids jsonb default null,
    p_parent_item_id text default null,
    p_season_number integer default null,
    p_episode_number integer default null,
    p_disc_number integer default null,
    p_track_number integer default null,
    p_artist text default null,
    p_path text default null
)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return jsonb_strip_nulls(jsonb_build_object(
        'itemId', p_item_id,
        'type', p_type,
        'title', p_title,
        'year', case when p_year between 1 and 9999 then p_year end,
        'externalIds', nullif(jsonb_strip_nulls(p_external_ids), '{}'),
        'parentItemId', case when p_type in ('season', 'episode', 'album', 'track') then p_parent_item_id end,
        -- Season 0 holds the specials; a disc or track 0 only means that the file has no tag.
        'seasonNumber', case when p_type in ('season', 'episode') then p_season_number end,
        'episodeNumber', case when p_type = 'episode' then p_episode_number end,
        'discNumber', case when p_type = 'track' then nullif(p_disc_number, 0) end,
        'trackNumber', case when p_type = 'track' then nullif(p_track_number, 0) end,
        'artist', case when p_type in ('album', 'track') then p_artist end,
        'path', p_path
    ));
end
$function$;

comment on function pymap._payload_item(text, text, text, integer, jsonb, text, integer, integer, integer, integer, text, text) is
$comment$Private. One item as the readers return it, without fields that are NULL, out of range, or meaningless for
the type. So a reader can pass every field without looking at the type.$comment$;

revoke all on function pymap._payload_item(text, text, text, integer, jsonb, text, integer, integer, integer, integer, text, text) from public;
grant execute on function pymap._payload_item(text, text, text, integer, jsonb, text, integer, integer, integer, integer, text, text) to pymap_reader;
