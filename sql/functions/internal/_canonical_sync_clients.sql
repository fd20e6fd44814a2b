create or replace function pymap._canonical_sync_clients(p_sync_clients jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
declare
    v_canonical jsonb := '[]';
    v_element jsonb;
begin
    if jsonb_typeof(p_sync_clients) is distinct from 'array' then
        perform pymap._invalid_argument('sync_clients', p_sync_clients::text, 'It is a JSON array of sync clients.');
    end if;
    if jsonb_array_length(p_sync_clients) = 1 then
        return jsonb_build_array(pymap._canonical_sync_client(p_sync_clients -> 0));
    end if;
    for v_element in select pymap._canonical_sync_client(e) from jsonb_array_elements(p_sync_clients) as e loop
        if not v_canonical @> jsonb_build_array(jsonb_build_object(
            'clientId', v_element -> 'clientId', 'itemId', v_element -> 'itemId'
        )) then
            v_canonical := v_canonical || v_element;
        end if;
    end loop;
    return v_canonical;
end
$function$;

comment on function pymap._canonical_sync_clients(jsonb) is
'Private. The array as media_items.sync_clients stores it: canonical keys and IDs, each mapping once. Errors: 22023.';

revoke all on function pymap._canonical_sync_clients(jsonb) from public;
grant execute on function pymap._canonical_sync_clients(jsonb) to pymap_reader;
