create or replace function pymap._check_items(p_items jsonb)
returns void
language plpgsql
stable
as $function$
declare
    v_bad record;
begin
    if jsonb_typeof(p_items) is distinct from 'array' then
        perform pymap._invalid_argument(
            'p_items', p_items::text, 'It is a JSON array of items, such as the items_from_ functions return.'
        );
    end if;

    select i.position - 1 as position, i.item, p.key
    into v_bad
    from jsonb_array_elements(p_items) with ordinality as i (item, position),
         pymap._item_problem(i.item) as p (key)
    where p.key is not null and i.item ->> 'error' is null
    order by i.position
    limit 1;
    if found then
        perform pymap._invalid_argument(
            format('p_items[%s]%s', v_bad.position, '.' || nullif(v_bad.key, '')),
            coalesce(v_bad.item ->> nullif(v_bad.key, ''), case v_bad.key when '' then v_bad.item::text end),
            'An item is {"itemId": "…", "type": "movie", "title": "…", "year": 1999, "externalIds": {"imdb": "tt…"}, …}; '
            'itemId has 1 to 1,024 bytes, type is one of pymap.media_types.'
        );
    end if;
end
$function$;

comment on function pymap._check_items(jsonb) is
'Private. Raises 22023 for the first item that is not valid, with its position and key.';

revoke all on function pymap._check_items(jsonb) from public;
