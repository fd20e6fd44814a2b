create or replace function pymap._check_listing(p_argument text)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_bad record;
begin
    select (select count(*) from pg_temp.pymap_listing as o where o.position < l.position) as position, l.item, p.key
    into v_bad
    from pg_temp.pymap_listing as l
    left join pymap.media_types as t on t.name = l.item ->> 'type'
    cross join lateral (
        select coalesce(
            pymap._item_problem(l.item, t.name is not null),
            -- A media type of the DBA's own can have keys of its own.
            case
                when l.item ->> t.number_key !~ '^[0-9]{1,9}$' then t.number_key
                when l.item ->> t.parent_number_key !~ '^[0-9]{1,9}$' then t.parent_number_key
            end
        )
    ) as p (key)
    where p.key is not null and l.item ->> 'error' is null and l.item -> 'listing' is null
    order by l.position
    limit 1;
    if found and v_bad.key = 'year, releaseYear, release_year' then
        perform pymap._invalid_argument(
            format('%s[%s]', p_argument, v_bad.position),
            (
                select jsonb_object_agg(f.key, f.value)::text
                from jsonb_each(v_bad.item) as f
                where f.key = any (string_to_array(v_bad.key, ', '))
            ),
            'year, releaseYear and release_year mean the same. Give only one of them.'
        );
    elsif found then
        perform pymap._invalid_argument(
            format('%s[%s]%s', p_argument, v_bad.position, '.' || nullif(v_bad.key, '')),
            coalesce(v_bad.item ->> nullif(v_bad.key, ''), case v_bad.key when '' then v_bad.item::text end),
            'An item is {"itemId": "…", "type": "movie", "title": "…", "year": 1999, "externalIds": {"imdb": "tt…"}, …}; '
            'itemId has 1 to 1,024 bytes, type is one of pymap.media_types, a title at most 1,000 characters.'
        );
    end if;
    perform pymap._warn_of_unknown_keys();
end
$function$;

comment on function pymap._check_listing(text) is
'Private. Raises 22023 for the first invalid item of pg_temp.pymap_listing, with its position and key. Warns of '
'unknown keys.';

revoke all on function pymap._check_listing(text) from public;
