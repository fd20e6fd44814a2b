create or replace function pymap._progress(p_phase text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    if current_setting('pymap.progress', true) = 'on' then
        raise notice 'pymap: %', p_phase;
    end if;
end
$function$;

comment on function pymap._progress(text) is
'Private. Tells the client which phase of a sync begins, if it has set pymap.progress = on.';

revoke all on function pymap._progress(text) from public;
