create or replace function pymap._json_fields(p_value jsonb)
returns table (key text, value jsonb)
language sql
immutable
parallel safe
as $function$
    select f.key, f.value
    from jsonb_each(case when jsonb_typeof(p_value) = 'object' then p_value else '{}' end) as f
$function$;

comment on function pymap._json_fields(jsonb) is
$comment$Private. The fields of a JSON object; no rows for anything else.$comment$;

revoke all on function pymap._json_fields(jsonb) from public;
grant execute on function pymap._json_fields(jsonb) to pymap_reader;
