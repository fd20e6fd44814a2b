create or replace function pymap._json_summary(p_value jsonb)
returns text
language sql
immutable
parallel safe
as $function$
    select case jsonb_typeof(p_value)
        when 'object' then coalesce(
            'an object with ' || (
                select string_agg(format('%s (%s)', left(k.key, 40), jsonb_typeof(p_value -> k.key)), ', ')
                from (select o.key from jsonb_object_keys(p_value) as o(key) limit 10) as k
            ),
            'an empty object'
        )
        when 'array' then format('an array of %s', jsonb_array_length(p_value))
        when 'string' then case when p_value = '""' then 'an empty string' else 'a string' end
        when 'null' then 'a JSON null'
        else 'a ' || jsonb_typeof(p_value)
    end
$function$;

comment on function pymap._json_summary(jsonb) is
$comment$Private. Describes a JSON value in a few words for an error message: its type, and for an object the first
ten keys with the types of their values. NULL for NULL.$comment$;

revoke all on function pymap._json_summary(jsonb) from public;
grant execute on function pymap._json_summary(jsonb) to pymap_reader;
