create or replace function pymap._split_off_external_ids(p_external_ids jsonb, p_item pymap.media_items)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_external_ids jsonb := pymap.normalize_external_ids(p_external_ids, p_item.type);
    v_unknown jsonb := pymap._without_elements(v_external_ids, p_item.external_ids, 'source', 'id');
begin
    if v_unknown <> '[]' then
        perform pymap._invalid_argument(
            'p_external_ids', v_unknown::text,
            format('Media item %s has the external IDs %s.', p_item.id, p_item.external_ids)
        );
    end if;
    return v_external_ids;
end
$function$;

comment on function pymap._split_off_external_ids(jsonb, pymap.media_items) is
'Private. The canonical external IDs that p_external_ids names. Raises 22023 for one that the media item does not have.';

revoke all on function pymap._split_off_external_ids(jsonb, pymap.media_items) from public;
