-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._item_year(p_item jsonb)
returns integer
language sql
immutable
parallel safe
as $function$
    select coalesce(
        nullif((p_item ->> 'year')::integer, 0),
        nullif((p_item ->> 'releaseYear')::integer, 0),
        nullif((p_item ->> 'release_year')::integer, 0)
    )
$function$;

comment on function pymap._item_year(jsonb) is
'Private. The year of a valid item, under any of its three keys; NULL if it is not known.';

revoke all on function pymap._item_year(jsonb) from public;
