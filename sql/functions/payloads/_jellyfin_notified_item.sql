create or replace function pymap._jellyfin_notified_item(p_notification jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_type constant text := p_notification ->> 'ItemType';
begin
    return jsonb_strip_nulls(jsonb_build_object(
        'Id', p_notification -> 'ItemId',
        'Type', p_notification -> 'ItemType',
        'Name', p_notification -> 'Name',
        -- That of a season or an episode is the year of its series.
        'ProductionYear', case when v_type in ('Season', 'Episode') then null else p_notification -> 'Year' end,
        'PremiereDate', p_notification -> 'PremiereDate',
        'SeriesId', p_notification -> 'SeriesId',
        'IndexNumber', p_notification -> case v_type when 'Season' then 'SeasonNumber' else 'EpisodeNumber' end,
        'ParentIndexNumber', case v_type when 'Episode' then p_notification -> 'SeasonNumber' end,
        'AlbumArtist', p_notification -> 'Artist',
        'Path', p_notification -> 'Path',
        'ProviderIds', (
            select jsonb_object_agg(substr(f.key, length('Provider_') + 1), f.value)
            from pymap._json_fields(p_notification) as f
            where starts_with(f.key, 'Provider_')
        )
    ));
end
$function$;

comment on function pymap._jellyfin_notified_item(jsonb) is
$comment$Private. The item of a notification of Jellyfin's webhook plug-in, in the form of Jellyfin's API. The
notification has all fields side by side.$comment$;

revoke all on function pymap._jellyfin_notified_item(jsonb) from public;
grant execute on function pymap._jellyfin_notified_item(jsonb) to pymap_reader;
