create or replace function pymap._fill_listing(p_items jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    if jsonb_typeof(p_items) is distinct from 'array' then
        perform pymap._invalid_argument(
            'p_items', p_items::text, 'Give a JSON array of items, as the items_from_ functions return it.'
        );
    end if;
    perform pymap._open_staging();
    insert into pg_temp.pymap_listing (item)
    select i.item from jsonb_array_elements(p_items) with ordinality as i (item, position) order by i.position;
    perform pymap._analyze_listing();
end
$function$;

comment on function pymap._fill_listing(jsonb) is
'Private. Puts the items of a JSON array into pg_temp.pymap_listing. Errors: 22023 if the value is no array.';

revoke all on function pymap._fill_listing(jsonb) from public;
