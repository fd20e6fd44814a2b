create or replace function pymap._invalid_argument(p_argument text, p_value text, p_hint text)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    raise exception 'invalid value for %: %', p_argument, coalesce(quote_literal(left(p_value, 100)), 'NULL')
        using errcode = 'invalid_parameter_value',
              detail = format('%s is %s.', p_argument, coalesce(quote_literal(left(p_value, 1000)), 'NULL')),
              hint = p_hint;
end
$function$;

comment on function pymap._invalid_argument(text, text, text) is
'Private. Raises 22023 for an argument. Parameters: its name, its value, and a hint that says which values are valid.';

revoke all on function pymap._invalid_argument(text, text, text) from public;
grant execute on function pymap._invalid_argument(text, text, text) to pymap_reader;
