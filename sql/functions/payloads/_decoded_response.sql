-- Parallel unsafe: before PostgreSQL 18 no subtransaction can begin while a parallel query runs.
create or replace function pymap._decoded_response(p_response jsonb)
returns jsonb
language plpgsql
immutable
parallel unsafe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if jsonb_typeof(p_response) = 'string' and p_response #>> '{}' ~ '^[[:space:]]*[[{]' then
        begin
            return (p_response #>> '{}')::jsonb;
        exception
            -- It is no JSON: the reader refuses it as the string that it is.
            when data_exception then null;
        end;
    end if;
    return p_response;
end
$function$;

comment on function pymap._decoded_response(jsonb) is
$comment$Private. What a reader reads: p_response, or, if p_response is the JSON text of an array or object, that
array or object. Decodes once. Anything else comes back as it is.$comment$;

revoke all on function pymap._decoded_response(jsonb) from public;
grant execute on function pymap._decoded_response(jsonb) to pymap_reader;
