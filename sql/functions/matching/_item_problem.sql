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
    if jsonb_typeof(p_item -> 'itemId') in ('string', 'number') is not true
       or octet_length(p_item ->> 'itemId') not between 1 and 1024 then
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
    if jsonb_typeof(p_item -> 'parentItemId') not in ('string', 'number', 'null')
       or octet_length(p_item ->> 'parentItemId') not between 1 and 1024 then
        return 'parentItemId';
    end if;
    foreach v_key in array array['year', 'seasonNumber', 'episodeNumber', 'discNumber', 'trackNumber'] loop
        if p_item ->> v_key !~ '^[0-9]{1,9}$' or v_key = 'year' and p_item ->> v_key !~ '^[0-9]{1,4}$' then
            return v_key;
        end if;
    end loop;
    if jsonb_typeof(p_item -> 'externalIds') not in ('object', 'array', 'null') then
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
