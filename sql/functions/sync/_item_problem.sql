create or replace function pymap._item_problem(p_item jsonb, p_is_known_type boolean)
returns text
language sql
immutable
parallel safe
return case
    when jsonb_typeof(p_item) is distinct from 'object' then ''
    when (
        jsonb_typeof(p_item -> 'itemId') = 'string' and octet_length(p_item ->> 'itemId') between 1 and 1024
        or jsonb_typeof(p_item -> 'itemId') = 'number' and p_item ->> 'itemId' ~ '^[0-9]{1,255}$'
    ) is not true then 'itemId'
    when not (
        jsonb_typeof(p_item -> 'parentItemId') = 'string' and octet_length(p_item ->> 'parentItemId') between 1 and 1024
        or jsonb_typeof(p_item -> 'parentItemId') = 'number' and p_item ->> 'parentItemId' ~ '^[0-9]{1,255}$'
        or jsonb_typeof(p_item -> 'parentItemId') = 'null'
    ) then 'parentItemId'
    when not p_is_known_type then 'type'
    when jsonb_typeof(p_item -> 'title') not in ('string', 'null') or length(p_item ->> 'title') > 1000 then 'title'
    when jsonb_typeof(p_item -> 'artist') not in ('string', 'null') then 'artist'
    when jsonb_typeof(p_item -> 'path') not in ('string', 'null') then 'path'
    when p_item ->> 'year' !~ '^[0-9]{1,4}$' then 'year'
    when p_item ->> 'releaseYear' !~ '^[0-9]{1,4}$' then 'releaseYear'
    when p_item ->> 'release_year' !~ '^[0-9]{1,4}$' then 'release_year'
    when p_item ?| '{releaseYear,release_year}' and pymap._item_year(p_item) <> any (array[
        nullif((p_item ->> 'releaseYear')::integer, 0), nullif((p_item ->> 'release_year')::integer, 0)
    ]) then 'year, releaseYear, release_year'
    when p_item ->> 'seasonNumber' !~ '^[0-9]{1,9}$' then 'seasonNumber'
    when p_item ->> 'episodeNumber' !~ '^[0-9]{1,9}$' then 'episodeNumber'
    when p_item ->> 'discNumber' !~ '^[0-9]{1,9}$' then 'discNumber'
    when p_item ->> 'trackNumber' !~ '^[0-9]{1,9}$' then 'trackNumber'
    when (case jsonb_typeof(p_item -> 'externalIds')
        when 'object' then p_item @? 'strict $.externalIds.* ? (
            @.type() == "object" || @.type() == "array" && exists (@[*] ? (@.type() == "object" || @.type() == "array"))
        )'
        when 'array' then p_item @? 'strict $.externalIds[*] ? (!(
            @.type() == "string" && @ like_regex "^[A-Za-z][A-Za-z0-9_.+-]*://"
        )) ? (
            !(@.source.type() == "string" && (@.id.type() == "string" || @.id.type() == "number" || @.id.type() == "boolean" || @.id.type() == "null"))
            || (@.source.type() == "string" && (@.id.type() == "string" || @.id.type() == "number" || @.id.type() == "boolean" || @.id.type() == "null")) is unknown
        )'
        else jsonb_typeof(p_item -> 'externalIds') <> 'null'
    end) then 'externalIds'
    when jsonb_typeof(p_item -> 'data') not in ('object', 'null') then 'data'
end;

comment on function pymap._item_problem(jsonb, boolean) is
'Private. The key of an item whose value is not valid; all three keys of the year if they contradict each other; an '
'empty string if the item is no object. NULL if the item is valid.';

revoke all on function pymap._item_problem(jsonb, boolean) from public;
