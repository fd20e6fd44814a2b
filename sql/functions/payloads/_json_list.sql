create or replace function pymap._json_list(p_value jsonb)
returns jsonb
language sql
immutable
parallel safe
as $function$
    select coalesce('[]'::jsonb || p_value, '[]')
$function$;

comment on function pymap._json_list(jsonb) is
$comment$Private. A JSON array as it is, a missing value as an empty array, anything else as an array of that one
value. Some servers send a list of one element as the bare element.$comment$;

revoke all on function pymap._json_list(jsonb) from public;
grant execute on function pymap._json_list(jsonb) to pymap_reader;
