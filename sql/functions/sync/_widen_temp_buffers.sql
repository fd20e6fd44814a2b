create or replace function pymap._widen_temp_buffers()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- Whoever has set it knows better. Memory is taken page by page, so a small listing takes little.
    if exists (select from pg_settings as s where s.name = 'temp_buffers' and s.source = 'default') then
        perform set_config('temp_buffers', '256MB', true);
    end if;
exception
    -- The session has used another temporary table, and keeps the buffers that it began with.
    when invalid_parameter_value then null;
end
$function$;

comment on function pymap._widen_temp_buffers() is
'Private. Sets temp_buffers for a listing of 200,000 entries, up to 256 MB, if the session has used no temporary table '
'yet.';

revoke all on function pymap._widen_temp_buffers() from public;
