create or replace function pymap.items_from_trakt(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel unsafe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_response constant jsonb := pymap._decoded_response(p_response);
    v_entries constant jsonb := case
        when jsonb_typeof(v_response) = 'array' then v_response
        when v_response ?| '{movie,show,season,episode}' or pymap._trakt_kind(v_response) is not null then
            jsonb_build_array(v_response)
        -- What a person took part in
        when v_response ?| '{cast,crew}' then jsonb_path_query_array(v_response, '$.cast[*]')
            || jsonb_path_query_array(v_response, '$.crew.*[*]')
    end;
    v_items jsonb;
begin
    if v_entries is null then
        return pymap._payload_error(
            v_response,
            'expected an array from Trakt, [{"movie": {"ids": {…}}}, …], found ' || pymap._json_summary(v_response),
            'Ask Trakt with the header "Content-Type: application/json" and pass on the whole answer of /sync/collection, '
                '/sync/history, /sync/ratings or /sync/watchlist, decoded from JSON once.'
        );
    end if;

    with entry as (
        select
            case
                when b.kind is not null then jsonb_build_object(b.kind, e.entry)
                else e.entry
            end as entry,
            e.position
        from jsonb_array_elements(v_entries) with ordinality as e(entry, position)
        -- A thing without a wrapper, {"title": …, "ids": {…}}
        cross join lateral (select case when e.entry ? 'ids' then pymap._trakt_kind(e.entry) end) as b(kind)
    ),
    -- A collection lists seasons and episodes below their show, mostly by number alone.
    nested as (
        select e.position, e.entry -> 'show' as show, s.season -> 'number' as season,
            s.position as season_position, n.position as episode_position, n.type, n.thing,
            pymap._json_text(n.thing #> '{ids,trakt}') is not null as has_id
        from entry as e
        cross join lateral jsonb_array_elements(pymap._json_list(e.entry -> 'seasons'))
            with ordinality as s(season, position)
        cross join lateral (
            select 'season' as type, s.season as thing, 0::bigint as position
            union all
            select 'episode', p.episode, p.position
            from jsonb_array_elements(pymap._json_list(s.season -> 'episodes'))
                with ordinality as p(episode, position)
        ) as n
        where e.entry ? 'seasons'
    ),
    found(path, type, thing, show, season, problem) as (
        select array[e.position, k.position], k.type, coalesce(e.entry -> k.key, e.entry), e.entry -> 'show',
            e.entry -> k.key -> k.season_key,
            case when k.type is null and jsonb_typeof(e.entry) = 'object' then
                'The entry holds no movie, show, season or episode.'
            end
        from entry as e
        left join (values
            (1, 'movie', 'movie', null),
            (2, 'episode', 'episode', 'season'),
            (3, 'season', 'season', 'number'),
            (4, 'show', 'series', null)
        ) as k(position, key, type, season_key) on jsonb_typeof(e.entry -> k.key) <> 'null'
        union all
        select array[n.position, 5], 'series', n.show, null, null,
            format('The show lists %s of its episodes without ids.trakt; they cannot be items.', count(*))
        from nested as n
        where n.type = 'episode' and not n.has_id
        group by n.position, n.show
        union all
        select array[n.position, 6, n.season_position, n.episode_position], n.type, n.thing, n.show, n.season, null
        from nested as n
        where n.has_id
    ),
    -- A history repeats what was watched twice, and a series with each of its episodes.
    listed as (
        select f.*, u.unusable,
            row_number() over (
                partition by f.type, pymap._json_text(f.thing #> '{ids,trakt}'), f.problem order by f.path
            ) as occurrence
        from found as f
        cross join lateral (
            select pymap._unusable_entry(
                case jsonb_typeof(f.thing)
                    when 'object' then jsonb_strip_nulls(jsonb_build_object(
                        'ids.trakt', f.thing #> '{ids,trakt}',
                        'type', coalesce(to_jsonb(f.type), f.thing -> 'type'),
                        'title', f.thing -> 'title'
                    ))
                    else f.thing
                end,
                f.type, '{ids.trakt,type,title}', f.problem
            )
        ) as u(unusable)
    )
    select coalesce(jsonb_agg(
        coalesce(
            l.unusable,
            pymap._payload_item(
                p_type => l.type,
                p_item_id => pymap._json_text(l.thing #> '{ids,trakt}'),
                p_title => pymap._json_text(l.thing -> 'title'),
                p_year => pymap._json_integer(l.thing -> 'year'),
                p_external_ids => x.ids,
                p_parent_item_id => pymap._json_text(l.show #> '{ids,trakt}'),
                p_season_number => pymap._json_integer(l.season),
                p_episode_number => pymap._json_integer(l.thing -> 'number')
            )
        )
        order by l.path
    ), '[]')
    into v_items
    from listed as l
    cross join lateral (
        -- Only Plex' ID comes as an object, {"guid": …, "slug": …}.
        select jsonb_object_agg(i.key, pymap._json_text(coalesce(i.value -> 'guid', i.value)))
        from pymap._json_fields(l.thing -> 'ids') as i
        where i.key not in ('', 'slug')
    ) as x(ids)
    where l.unusable is not null or l.occurrence = 1;

    return coalesce(v_items || pymap._listing_selection(pymap._trakt_selection(v_response)), v_items);
end
$function$;

comment on function pymap.items_from_trakt(jsonb) is
$comment$Turns a Trakt answer into items.
p_response: the decoded JSON of /sync/collection, /sync/history, /sync/ratings or /sync/watchlist, of a list of films
or shows without wrapper, of a person's films or shows, or one object. May be JSON text in a JSON string.
Returns a JSON array in the order of the response. Each film, series, season and episode comes once, the first of
several. An episode or a season brings along its series, which is its parent. An item ID is Trakt's own, ids.trakt. An
entry that cannot be an item becomes {"error": …, "entry": …}; a show whose episodes are listed by number alone has
one such entry. If the answer is a history or another selection, {"listing": {"selection": …}} follows the items.
Errors: 22023 if p_response is anything else.$comment$;

revoke all on function pymap.items_from_trakt(jsonb) from public;
grant execute on function pymap.items_from_trakt(jsonb) to pymap_reader;
