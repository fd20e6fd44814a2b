create or replace function pymap._progress(p_phase text, p_done bigint default 0, p_total bigint default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    if current_setting('pymap.progress', true) = 'on' then
        raise notice 'pymap: % % of %',
            p_phase, p_done, coalesce(p_total, (select count(*) from pg_temp.pymap_listing where item ? 'itemId'));
    end if;
end
$function$;

comment on function pymap._progress(text, bigint, bigint) is
'Private. Reports how many entries a phase of a sync has done, and of how many (by default those of '
'pg_temp.pymap_listing), to a client that has set pymap.progress = on.';

revoke all on function pymap._progress(text, bigint, bigint) from public;
