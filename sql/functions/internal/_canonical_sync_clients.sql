create or replace function pymap._canonical_sync_clients(p_sync_clients jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
declare
    v_elements jsonb[] := '{}';
    v_keys text[] := '{}';
    v_element jsonb;
begin
    if jsonb_typeof(p_sync_clients) is distinct from 'array' then
        perform pymap._invalid_argument('sync_clients', p_sync_clients::text, 'It is a JSON array of sync clients.');
    end if;
    for v_position in 0 .. jsonb_array_length(p_sync_clients) - 1 loop
        v_element := pymap._canonical_sync_client(p_sync_clients -> v_position);
        if v_element ->> 'clientId' || ' ' || (v_element ->> 'itemId') = any (v_keys) then
            return pymap._merged_sync_clients(p_sync_clients);
        end if;
        v_elements := v_elements || v_element;
        v_keys := v_keys || (v_element ->> 'clientId' || ' ' || (v_element ->> 'itemId'));
    end loop;
    return to_jsonb(v_elements);
end
$function$;

comment on function pymap._canonical_sync_clients(jsonb) is
'Private. The array as media_items.sync_clients stores it: canonical keys and IDs, each mapping once. Errors: 22023.';

revoke all on function pymap._canonical_sync_clients(jsonb) from public;
grant execute on function pymap._canonical_sync_clients(jsonb) to pymap_reader;
