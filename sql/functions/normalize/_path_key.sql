create or replace function pymap._path_key(p_path text, p_parts integer, p_is_folder boolean)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- A disc image's own folder is the same in every film.
    v_path constant text := regexp_replace(
        rtrim(translate(pymap._folded(p_path), chr(92), '/'), '/'),
        '/(video_ts|video_ts/video_ts[.][a-z]+|bdmv|bdmv/index[.]bdmv)$', ''
    );
    v_name constant text := split_part(v_path, '/', -1);
    v_folder constant text := nullif(split_part(v_path, '/', -2), '');
begin
    return left(
        case when p_is_folder then v_name else coalesce(nullif(regexp_replace(v_name, '[.][a-z0-9]{1,5}$', ''), ''), v_name) end
        || '/' || v_folder
        || case when p_parts > 2 then coalesce('/' || nullif(split_part(v_path, '/', -3), ''), '') else '' end,
        500
    );
end
$function$;

comment on function pymap._path_key(text, integer, boolean) is
'Private. The last components of a path for comparison, the last one first, folded, without the extension: at least two '
'and at most p_parts. NULL if the path has fewer than two.';

revoke all on function pymap._path_key(text, integer, boolean) from public;
grant execute on function pymap._path_key(text, integer, boolean) to pymap_reader;
