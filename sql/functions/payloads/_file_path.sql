create or replace function pymap._file_path(p_value jsonb)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_path text := case jsonb_typeof(p_value) when 'string' then p_value #>> '{}' end;
begin
    -- Kodi joins the parts of one film, "stack://a , b", and doubles a comma inside a name.
    if v_path like 'stack://%' then
        v_path := replace(split_part(substr(v_path, 9), ' , ', 1), ',,', ',');
    end if;
    return case
        when v_path like '%://%'
            and v_path ~* '^[a-z][a-z0-9+.-]+://' and v_path !~* '^(file|smb|nfs|afp|ftps?|sftp|davs?)://'
        then null
        when btrim(v_path) <> '' then v_path
    end;
end
$function$;

comment on function pymap._file_path(jsonb) is
$comment$Private. The file or folder of an entry, as its server spells it. NULL for anything that names no file: an
empty value, a link, an address of a plug-in or a database such as plugin:// or videodb://. A network share (smb://,
nfs://) does name a file. Of several parts, stack://a , b, the first one counts.$comment$;

revoke all on function pymap._file_path(jsonb) from public;
grant execute on function pymap._file_path(jsonb) to pymap_reader;
