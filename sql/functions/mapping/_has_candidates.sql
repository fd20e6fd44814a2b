create or replace function pymap._has_candidates(
    p_media_type text,
    p_external_ids jsonb,
    p_title_key text,
    p_tenant_id bigint
)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return exists (select from pymap._candidates_by_external_id(p_media_type, p_external_ids, p_tenant_id))
        or p_title_key is not null
        and exists (select from pymap._candidates_by_title(p_media_type, p_title_key, p_tenant_id));
end
$function$;

comment on function pymap._has_candidates(text, jsonb, text, bigint) is
'Private. Whether a stored media item may be what is told here.';

revoke all on function pymap._has_candidates(text, jsonb, text, bigint) from public;
