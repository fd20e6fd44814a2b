create or replace function pymap._canonical_sync_client(p_sync_client jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_key text;
    v_old_key text;
    v_element jsonb := p_sync_client;
    v_client_id bigint;
    v_client_type text;
    v_client_item_id text;
begin
    if jsonb_typeof(p_sync_client) is distinct from 'object' then
        perform pymap._invalid_argument('sync_clients', p_sync_client::text, 'Each element is a JSON object.');
    end if;

    foreach v_old_key in array array['clientID', 'id', 'itemID'] loop
        if v_element ? v_old_key then
            v_key := case v_old_key when 'itemID' then 'itemId' else 'clientId' end;
            if v_element -> v_key <> v_element -> v_old_key then
                perform pymap._invalid_argument(
                    'sync_clients', p_sync_client::text, format('%s and %s disagree.', v_key, v_old_key)
                );
            end if;
            v_element := jsonb_build_object(v_key, v_element -> v_old_key) || (v_element - v_old_key);
        end if;
    end loop;

    if jsonb_typeof(v_element -> 'clientId') in ('number', 'string')
       and v_element ->> 'clientId' ~ '^[1-9][0-9]{0,18}$'
       and (v_element ->> 'clientId')::numeric <= 9223372036854775807
    then
        v_client_id := v_element ->> 'clientId';
    else
        perform pymap._invalid_argument(
            'sync_clients.clientId', v_element ->> 'clientId', 'A client ID is a whole number from 1 up.'
        );
    end if;

    if jsonb_typeof(v_element -> 'clientType') = 'string' then
        v_client_type := v_element ->> 'clientType';
    end if;
    perform pymap._check_client_type('sync_clients.clientType', v_client_type);

    -- IDs are text, even when a writer sent a number.
    if jsonb_typeof(v_element -> 'itemId') = 'string'
       or jsonb_typeof(v_element -> 'itemId') = 'number' and v_element ->> 'itemId' ~ '^[0-9]+$' then
        v_client_item_id := v_element ->> 'itemId';
    elsif v_element -> 'itemId' is not null then
        perform pymap._invalid_argument(
            'sync_clients.itemId', v_element ->> 'itemId', 'A client item ID is text.'
        );
    end if;
    perform pymap._check_client_item_id('sync_clients.itemId', v_client_item_id);

    return v_element || jsonb_build_object(
        'clientId', v_client_id,
        'clientType', v_client_type,
        'itemId', pymap.normalize_client_item_id(v_client_type, v_client_item_id)
    );
end
$function$;

comment on function pymap._canonical_sync_client(jsonb) is
'Private. One element of sync_clients with the canonical keys (older writers used id, clientID, itemID) and types; '
'keys that pymap does not know are kept. Errors: 22023.';

revoke all on function pymap._canonical_sync_client(jsonb) from public;
grant execute on function pymap._canonical_sync_client(jsonb) to pymap_reader;
