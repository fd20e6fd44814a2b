create or replace function pymap._split_off_mappings(p_mappings jsonb, p_media_item_id bigint, p_sync_clients jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_mapping jsonb;
    v_found jsonb;
    v_split_off jsonb := '[]';
begin
    if jsonb_typeof(p_mappings) is distinct from 'array' or p_mappings = '[]' then
        perform pymap._invalid_argument(
            'p_mappings', p_mappings::text, 'Give an array such as [{"clientId": 2, "itemId": "abc"}].'
        );
    end if;
    for v_mapping in select m.element from jsonb_array_elements(p_mappings) as m (element) loop
        select c.element
        into v_found
        from jsonb_array_elements(p_sync_clients) as c (element)
        where c.element -> 'clientId' = v_mapping -> 'clientId'
          and c.element ->> 'itemId'
              = pymap.normalize_client_item_id(c.element ->> 'clientType', v_mapping ->> 'itemId');
        if not found then
            perform pymap._invalid_argument(
                'p_mappings', v_mapping::text, format('Media item %s has the mappings %s.', p_media_item_id, p_sync_clients)
            );
        end if;
        v_split_off := v_split_off || v_found;
    end loop;
    if pymap._without_elements(p_sync_clients, v_split_off, 'clientId', 'itemId') = '[]' then
        perform pymap._invalid_argument(
            'p_mappings', p_mappings::text, format('No mapping of media item %s would be left.', p_media_item_id)
        );
    end if;
    return pymap._canonical_sync_clients(v_split_off);
end
$function$;

comment on function pymap._split_off_mappings(jsonb, bigint, jsonb) is
'Private. The sync clients of a media item that p_mappings names. Raises 22023 for a mapping that the media item does '
'not have, or if none would be left.';

revoke all on function pymap._split_off_mappings(jsonb, bigint, jsonb) from public;
