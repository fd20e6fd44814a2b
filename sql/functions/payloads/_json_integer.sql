create or replace function pymap._json_integer(p_value jsonb)
returns integer
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_text constant text := pymap._json_text(p_value);
begin
    return case when v_text ~ '^ *[0-9]{1,9} *$' then v_text::integer end;
end
$function$;

comment on function pymap._json_integer(jsonb) is
$comment$Private. A whole number from 0 up that a server sent as a JSON number or as a string; NULL for anything else.$comment$;

revoke all on function pymap._json_integer(jsonb) from public;
grant execute on function pymap._json_integer(jsonb) to pymap_reader;
