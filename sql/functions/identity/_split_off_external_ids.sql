create or replace function pymap._split_off_external_ids(
    p_external_ids jsonb,
    p_media_item_id bigint,
    p_media_type text,
    p_known_ids jsonb
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_external_ids jsonb := pymap.normalize_external_ids(p_external_ids, p_media_type);
    v_unknown jsonb := pymap._without_elements(v_external_ids, p_known_ids, 'source', 'id');
begin
    if v_unknown <> '[]' then
        perform pymap._invalid_argument(
            'p_external_ids', v_unknown::text,
            format('Media item %s has the external IDs %s.', p_media_item_id, p_known_ids)
        );
    end if;
    return v_external_ids;
end
$function$;

comment on function pymap._split_off_external_ids(jsonb, bigint, text, jsonb) is
'Private. The canonical external IDs that p_external_ids names. Raises 22023 for one that the media item does not have.';

revoke all on function pymap._split_off_external_ids(jsonb, bigint, text, jsonb) from public;
