create or replace function pymap._warn_of_unknown_keys()
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_keys constant text[] :=
        '{itemId,type,title,year,releaseYear,release_year,externalIds,parentItemId,seasonNumber,episodeNumber,discNumber,'
        'trackNumber,artist,path,data}';
    -- A media type of the DBA's own can have keys of its own.
    v_known constant text[] := c_keys || array(
        select k.key
        from pymap.media_types as t, unnest(array[t.number_key, t.parent_number_key]) as k (key)
        where k.key is not null
    );
    v_unknown record;
begin
    for v_unknown in
        select k.key, count(*) as items, min(l.position) as position,
               row_number() over (order by count(*) desc, k.key) as n, count(*) over () as keys
        from pg_temp.pymap_listing as l
        cross join lateral jsonb_object_keys(l.item - v_known) as k (key)
        -- One look at an item that has none.
        where l.item - v_known <> '{}' and not l.item ?| '{error,listing}'
        group by k.key
        order by n
        limit 11
    loop
        if v_unknown.n > 10 then
            raise warning using
                errcode = '01PM1',
                message = format('%s more keys of items are unknown and were ignored', v_unknown.keys - 10);
        else
            raise warning using
                errcode = '01PM1',
                message = format(
                    'unknown key %s was ignored, in %s', quote_ident(left(v_unknown.key, 100)),
                    case v_unknown.items when 1 then '1 item' else v_unknown.items || ' items' end
                ),
                detail = format(
                    'The first item that has it: itemId %s.',
                    (select left((l.item -> 'itemId')::text, 200) from pg_temp.pymap_listing as l where l.position = v_unknown.position)
                ),
                hint = 'An item has the keys ' || array_to_string(c_keys, ', ') || '.';
        end if;
    end loop;
end
$function$;

comment on function pymap._warn_of_unknown_keys() is
'Private. Raises a WARNING, SQLSTATE 01PM1, for each unknown key of the items of pg_temp.pymap_listing: ten at most, '
'then one for the rest.';

revoke all on function pymap._warn_of_unknown_keys() from public;
