-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._read_item(p_item jsonb)
returns table (title text, release_year integer, external_ids jsonb)
language sql
immutable
parallel safe
as $function$
    select pymap._plain_title(p_item ->> 'title'),
           coalesce(pymap._title_year(p_item ->> 'title'), pymap._item_year(p_item)),
           case
               when p_item ->> 'title' ~ '[]}]' or not pymap._are_plain_external_ids(p_item -> 'externalIds') then
                   pymap._external_ids_by_source(pymap._with_title_ids(
                       pymap.normalize_external_ids(p_item -> 'externalIds', p_item ->> 'type'), p_item ->> 'title'
                   ))
               when p_item -> 'externalIds' is null then '{}'
               else (
                   select coalesce(jsonb_object_agg(x.key, jsonb_build_array(x.value)), '{}')
                   from jsonb_each(p_item -> 'externalIds') as x
               )
           end
$function$;

comment on function pymap._read_item(jsonb) is
'Private. Title, year and external IDs of a valid item of a listing, in their canonical form.';

revoke all on function pymap._read_item(jsonb) from public;
