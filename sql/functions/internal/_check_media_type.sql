create or replace function pymap._check_media_type(p_argument text, p_media_type text)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if not exists (select from pymap.media_types as t where t.name = p_media_type) then
        perform pymap._invalid_argument(
            p_argument, p_media_type,
            'Known media types: ' || (select string_agg(t.name, ', ' order by t.name) from pymap.media_types as t) || '.'
        );
    end if;
end
$function$;

comment on function pymap._check_media_type(text, text) is
'Private. Raises 22023 unless pymap.media_types has the media type.';

revoke all on function pymap._check_media_type(text, text) from public;
grant execute on function pymap._check_media_type(text, text) to pymap_reader;
