create or replace function pymap._check_release_year(p_argument text, p_release_year integer)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_release_year not between 1 and 9999 then
        perform pymap._invalid_argument(
            p_argument, p_release_year::text, 'A year is 1 to 9999, or NULL if it is not known.'
        );
    end if;
end
$function$;

comment on function pymap._check_release_year(text, integer) is
'Private. Raises 22023 unless the year is NULL or 1 to 9999.';

revoke all on function pymap._check_release_year(text, integer) from public;
