create or replace function pymap._client_type(p_client_id bigint, p_tenant_id bigint)
returns text
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return (
        select c.client_type
        from pymap.clients as c
        where c.tenant_id = p_tenant_id and c.client_id = p_client_id
    );
end
$function$;

comment on function pymap._client_type(bigint, bigint) is
'Private. The client type of a client; NULL if the client has never had a mapping.';

revoke all on function pymap._client_type(bigint, bigint) from public;
grant execute on function pymap._client_type(bigint, bigint) to pymap_reader;
