create or replace function pymap._capitalised_keys(p_value jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return coalesce(
        case jsonb_typeof(p_value)
            when 'object' then (
                select jsonb_object_agg(upper(left(f.key, 1)) || substr(f.key, 2), pymap._capitalised_keys(f.value))
                from jsonb_each(p_value) as f
            )
            when 'array' then (
                select jsonb_agg(pymap._capitalised_keys(e.element) order by e.position)
                from jsonb_array_elements(p_value) with ordinality as e(element, position)
            )
        end,
        p_value
    );
end
$function$;

comment on function pymap._capitalised_keys(jsonb) is
$comment$Private. A JSON value with the first letter of every key in upper case. Jellyfin can be asked for providerIds
instead of ProviderIds.$comment$;

revoke all on function pymap._capitalised_keys(jsonb) from public;
grant execute on function pymap._capitalised_keys(jsonb) to pymap_reader;
