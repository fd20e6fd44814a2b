create or replace function pymap._json_year(p_value jsonb)
returns integer
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_year constant integer := substring(pymap._json_text(p_value) from '^ *([0-9]{1,5})(?:-[0-9].*| *)$')::integer;
begin
    -- Year 1 is how .NET writes no date.
    return case when v_year between 2 and 9999 then v_year end;
end
$function$;

comment on function pymap._json_year(jsonb) is
$comment$Private. A year that a server sent as a number, or at the beginning of a date, 1999-03-31…; NULL for anything else,
year 0 and year 1.$comment$;

revoke all on function pymap._json_year(jsonb) from public;
grant execute on function pymap._json_year(jsonb) to pymap_reader;
