-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._read_item(p_item jsonb)
returns table (
    item_id text,
    media_type text,
    title text,
    release_year integer,
    external_ids jsonb,
    data jsonb,
    parent_item_id text,
    parent_number integer,
    number integer
)
language sql
immutable
parallel safe
as $function$
    select
        p_item ->> 'itemId',
        p_item ->> 'type',
        pymap._plain_title(p_item ->> 'title'),
        coalesce(pymap._title_year(p_item ->> 'title'), nullif((p_item ->> 'year')::integer, 0)),
        pymap._with_title_ids(
            pymap.normalize_external_ids(p_item -> 'externalIds', p_item ->> 'type'), p_item ->> 'title'
        ),
        coalesce(nullif(p_item -> 'data', 'null'), '{}'),
        p_item ->> 'parentItemId',
        (p_item ->> case p_item ->> 'type' when 'episode' then 'seasonNumber' when 'track' then 'discNumber' end)::integer,
        (
            p_item ->> case p_item ->> 'type'
                when 'season' then 'seasonNumber' when 'episode' then 'episodeNumber' when 'track' then 'trackNumber'
            end
        )::integer
$function$;

comment on function pymap._read_item(jsonb) is 'Private. The columns of one item of a listing that has no problem.';

revoke all on function pymap._read_item(jsonb) from public;
