create or replace function pymap._payload_error(p_response jsonb, p_problem text, p_hint text)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    raise exception using
        errcode = 'invalid_parameter_value',
        message = 'p_response is not a listing: ' || case
            when p_response is null then 'it is NULL'
            -- U+FEFF is the byte order mark.
            when jsonb_typeof(p_response) = 'string' and p_response #>> '{}' ~ ('^[[:space:]' || chr(65279) || ']*<') then
                'it is XML or HTML, not JSON'
            else p_problem
        end,
        detail = 'p_response begins with: ' || left(coalesce(p_response::text, 'NULL'), 200),
        hint = p_hint;
end
$function$;

comment on function pymap._payload_error(jsonb, text, text) is
$comment$Private. Raises 22023 for a response that the reader cannot read, with the beginning of the response as
DETAIL. p_hint has to say how to ask the server for JSON, because XML is a common mistake. Returns jsonb only so that
a reader can write RETURN in front of it.$comment$;

revoke all on function pymap._payload_error(jsonb, text, text) from public;
grant execute on function pymap._payload_error(jsonb, text, text) to pymap_reader;
