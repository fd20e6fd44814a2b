create or replace function pymap.items_from_plex(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel unsafe
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_types constant jsonb := '{
        "movie": "movie", "show": "series", "season": "season", "episode": "episode",
        "artist": "artist", "album": "album", "track": "track",
        "photo": "photo", "playlist": "playlist", "collection": "collection"
    }';
    v_response constant jsonb := pymap._decoded_response(p_response);
    v_container constant jsonb := pymap._plex_container(v_response);
    v_entries constant jsonb := pymap._plex_entries(v_response);
    v_items jsonb;
begin
    if v_entries is null then
        return pymap._payload_error(
            v_response,
            'expected a Plex answer, {"MediaContainer": {"Metadata": […]}}, found '
                || coalesce(
                    'MediaContainer as ' || pymap._json_summary(v_response -> 'MediaContainer'),
                    pymap._json_summary(v_response)
                ),
            'Ask Plex with the header "Accept: application/json" and pass on the whole answer, '
                'for instance of /library/sections/1/all?includeGuids=1.'
        );
    end if;

    select coalesce(jsonb_agg(
        coalesce(
            pymap._unusable_entry(e.entry, t.type, '{ratingKey,type,title}'),
            pymap._payload_item(
                p_type => t.type,
                p_item_id => pymap._json_text(e.entry -> 'ratingKey'),
                p_title => pymap._json_text(e.entry -> 'title'),
                p_year => pymap._json_integer(e.entry -> 'year'),
                p_external_ids => x.ids,
                p_parent_item_id => case t.type
                    when 'episode' then coalesce(
                        pymap._json_text(e.entry -> 'grandparentRatingKey'),
                        -- The play history names parents by their address, /library/metadata/200, alone.
                        substring(e.entry ->> 'grandparentKey' from '^/library/metadata/([^/?]+)')
                    )
                    else coalesce(
                        pymap._json_text(e.entry -> 'parentRatingKey'),
                        substring(e.entry ->> 'parentKey' from '^/library/metadata/([^/?]+)')
                    )
                end,
                p_season_number => coalesce(
                    pymap._json_integer(e.entry -> case t.type when 'season' then 'index' else 'parentIndex' end),
                    l.number[1]::integer
                ),
                p_episode_number => coalesce(pymap._json_integer(e.entry -> 'index'), l.number[2]::integer),
                p_disc_number => pymap._json_integer(e.entry -> 'parentIndex'),
                p_track_number => pymap._json_integer(e.entry -> 'index'),
                p_artist => coalesce(
                    case t.type when 'track' then pymap._json_text(e.entry -> 'originalTitle') end,
                    pymap._json_text(
                        e.entry -> case t.type when 'track' then 'grandparentTitle' else 'parentTitle' end
                    )
                ),
                p_path => coalesce(
                    pymap._file_path(e.entry #> '{Media,0,Part,0,file}'),
                    pymap._file_path(e.entry #> '{Location,0,path}')
                )
            )
        )
        order by e.position
    ), '[]')
    into v_items
    from jsonb_array_elements(v_entries) with ordinality as e(entry, position)
    cross join lateral (select c_types ->> (e.entry ->> 'type')) as t(type)
    -- com.plexapp.agents.thetvdb://81189/1/2?lang=en: season 1, episode 2
    cross join lateral (
        select regexp_match(e.entry ->> 'guid', '^[a-z.]+://[^/?]+/([0-9]{1,9})(?:/([0-9]{1,9}))?(?:[?]|$)')
    ) as l(number)
    cross join lateral (
        select jsonb_object_agg(
            s.source, case cardinality(s.ids) when 1 then to_jsonb(s.ids[1]) else to_jsonb(s.ids) end
        )
        from (
            select i.source, array_agg(distinct i.id) as ids
            from pymap._uri_ids(
                jsonb_path_query_array(e.entry, '$.Guid[*].id') || coalesce(e.entry -> 'guid', '[]'), t.type
            ) as i
            where i.source <> '' and i.id <> ''
            group by i.source
        ) as s
    ) as x(ids);

    return coalesce(v_items || coalesce(
        pymap._listing_selection(pymap._plex_selection(v_response, v_entries -> 0)),
        pymap._listing_page(
            v_container -> 'totalSize',
            v_container -> 'offset',
            jsonb_array_length(v_entries),
            pymap._json_text(v_entries #> '{0,ratingKey}')
        )
    ), v_items);
end
$function$;

comment on function pymap.items_from_plex(jsonb) is
$comment$Turns a Plex answer into items.
p_response: the decoded JSON of any Plex request that lists entries, {"MediaContainer": {"Metadata": […]}} (older
servers: Directory) or the content of MediaContainer alone; also of hubs, a search, a play history, a webhook, or one
entry. May be JSON text in a JSON string.
Returns a JSON array in the order of the response, with an item for each entry. An entry that cannot be an item
becomes {"error": …, "entry": …}. The parent of an episode is its series, of a track its album, of an album its
artist. If the answer is not a whole listing, {"listing": …} follows the items: its total, start and count, or the
name of the selection.
Errors: 22023 if p_response is anything else.$comment$;

revoke all on function pymap.items_from_plex(jsonb) from public;
grant execute on function pymap.items_from_plex(jsonb) to pymap_reader;
