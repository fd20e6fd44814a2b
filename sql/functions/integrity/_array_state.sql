create or replace function pymap._array_state(p_sync_clients jsonb, p_external_ids jsonb, p_media_type text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return case
        when p_sync_clients = pymap._canonical_sync_clients(p_sync_clients)
             and p_external_ids = pymap.normalize_external_ids(p_external_ids, p_media_type)
        then 'canonical'
        else 'not_canonical'
    end;
exception
    when invalid_parameter_value or data_exception then
        return 'not_valid';
end
$function$;

comment on function pymap._array_state(jsonb, jsonb, text) is
'Private. The state of the arrays of a media item: canonical, not_canonical, or not_valid if the triggers would have '
'refused them.';

revoke all on function pymap._array_state(jsonb, jsonb, text) from public;
grant execute on function pymap._array_state(jsonb, jsonb, text) to pymap_reader;
