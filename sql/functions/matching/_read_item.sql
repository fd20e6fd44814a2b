-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._read_item(p_item jsonb)
returns table (
    item_id text,
    media_type text,
    title text,
    release_year integer,
    external_ids jsonb,
    data jsonb
)
language sql
immutable
parallel safe
as $function$
    select
        p_item ->> 'itemId',
        p_item ->> 'type',
        p_item ->> 'title',
        nullif((p_item ->> 'year')::integer, 0),
        pymap.normalize_external_ids(p_item -> 'externalIds', p_item ->> 'type'),
        coalesce(nullif(p_item -> 'data', 'null'), '{}')
$function$;

comment on function pymap._read_item(jsonb) is 'Private. The columns of one item of a listing that has no problem.';

revoke all on function pymap._read_item(jsonb) from public;
