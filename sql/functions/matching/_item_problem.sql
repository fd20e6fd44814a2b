create or replace function pymap._item_problem(p_item jsonb)
returns text
language plpgsql
stable
parallel safe
as $function$
declare
    v_key text;
begin
    if jsonb_typeof(p_item) is distinct from 'object' then
        return '';
    end if;
    foreach v_key in array array['itemId', 'parentItemId'] loop
        if jsonb_typeof(p_item -> v_key) not in ('string', 'number', 'null')
           or jsonb_typeof(p_item -> v_key) = 'number' and p_item ->> v_key !~ '^[0-9]+$'
           or octet_length(p_item ->> v_key) not between 1 and 1024
        then
            return v_key;
        end if;
    end loop;
    if p_item ->> 'itemId' is null then
        return 'itemId';
    end if;
    if not exists (select from pymap.media_types as t where t.name = p_item ->> 'type') then
        return 'type';
    end if;
    foreach v_key in array array['title', 'artist'] loop
        if jsonb_typeof(p_item -> v_key) not in ('string', 'null') then
            return v_key;
        end if;
    end loop;
    foreach v_key in array array['year', 'seasonNumber', 'episodeNumber', 'discNumber', 'trackNumber'] loop
        if p_item ->> v_key !~ '^[0-9]{1,9}$' or v_key = 'year' and p_item ->> v_key !~ '^[0-9]{1,4}$' then
            return v_key;
        end if;
    end loop;
    if (case jsonb_typeof(p_item -> 'externalIds')
        when 'object' then p_item @? 'strict $.externalIds.* ? (
            @.type() == "object" || @.type() == "array" && exists (@[*] ? (@.type() == "object" || @.type() == "array"))
        )'
        when 'array' then exists (
            select
            from jsonb_array_elements(p_item -> 'externalIds') as e
            where jsonb_typeof(e -> 'source') is distinct from 'string'
               or coalesce(jsonb_typeof(e -> 'id'), '') in ('', 'object', 'array')
        )
        else jsonb_typeof(p_item -> 'externalIds') <> 'null'
    end) then
        return 'externalIds';
    end if;
    if jsonb_typeof(p_item -> 'data') not in ('object', 'null') then
        return 'data';
    end if;
    return null;
end
$function$;

comment on function pymap._item_problem(jsonb) is
'Private. The key of an item whose value is not valid, an empty string if it is no object at all; NULL if it is good.';

revoke all on function pymap._item_problem(jsonb) from public;
