create or replace function pymap._json_text(p_value jsonb)
returns text
language sql
immutable
parallel safe
as $function$
    select case jsonb_typeof(p_value)
        when 'string' then nullif(p_value #>> '{}', '')
        when 'number' then trim_scale(p_value::numeric)::text
    end
$function$;

comment on function pymap._json_text(jsonb) is
$comment$Private. The text of a JSON string or number (5.0 becomes 5); NULL for anything else and for an empty string.$comment$;

revoke all on function pymap._json_text(jsonb) from public;
grant execute on function pymap._json_text(jsonb) to pymap_reader;
