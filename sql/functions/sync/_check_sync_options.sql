create or replace function pymap._check_sync_options(
    p_media_types text[],
    p_max_removed_fraction numeric,
    p_allow_removals boolean,
    p_dry_run boolean
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_media_type text;
begin
    foreach v_media_type in array coalesce(p_media_types, '{}') loop
        perform pymap._check_media_type('p_media_types', v_media_type);
    end loop;
    if p_max_removed_fraction is null or p_max_removed_fraction not between 0 and 1 then
        perform pymap._invalid_argument(
            'p_max_removed_fraction', p_max_removed_fraction::text, 'Give a share from 0 to 1, such as 0.2.'
        );
    end if;
    if p_allow_removals is null then
        perform pymap._invalid_argument('p_allow_removals', null, 'Give true or false.');
    end if;
    if p_dry_run is null then
        perform pymap._invalid_argument('p_dry_run', null, 'Give true or false.');
    end if;
end
$function$;

comment on function pymap._check_sync_options(text[], numeric, boolean, boolean) is
'Private. Raises 22023 for an invalid option of a sync.';

revoke all on function pymap._check_sync_options(text[], numeric, boolean, boolean) from public;
