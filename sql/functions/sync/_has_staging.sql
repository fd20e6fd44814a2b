create or replace function pymap._has_staging()
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- What a table of the caller's making holds, or does in a trigger, would be read and done with our rights.
    if exists (
        select
        from pg_class as c
        where c.relnamespace = pg_my_temp_schema()
          and c.relname in (
              'pymap_listing', 'pymap_begun', 'pymap_kept', 'pymap_entries', 'pymap_pairs', 'pymap_candidates', 'pymap_links',
              'pymap_claims', 'pymap_matches', 'pymap_merges',
              'pymap_losses', 'pymap_additions'
          )
          and (c.relkind <> 'r' or pg_get_userbyid(c.relowner) <> current_user)
    ) then
        raise exception 'a temporary table has a name that pymap uses for its own'
            using errcode = 'duplicate_table',
                  hint = 'Drop the temporary tables and views whose names begin with pymap_.';
    end if;
    return to_regclass('pg_temp.pymap_listing') is not null;
end
$function$;

comment on function pymap._has_staging() is
'Private. Whether this session has the temporary tables of _open_staging. Errors: 42P07 if another program made a table '
'of such a name.';

revoke all on function pymap._has_staging() from public;
