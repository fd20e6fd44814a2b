create or replace function pymap._stored_client_item_id(p_client_id bigint, p_client_item_id text, p_tenant_id bigint)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._check_client_id('p_client_id', p_client_id);
    perform pymap._check_client_item_id('p_client_item_id', p_client_item_id);
    return pymap.normalize_client_item_id(pymap._client_type(p_client_id, p_tenant_id), p_client_item_id);
end
$function$;

comment on function pymap._stored_client_item_id(bigint, text, bigint) is
'Private. Checks a client ID and a client item ID and returns the spelling under which the latter is stored.';

revoke all on function pymap._stored_client_item_id(bigint, text, bigint) from public;
grant execute on function pymap._stored_client_item_id(bigint, text, bigint) to pymap_reader;
