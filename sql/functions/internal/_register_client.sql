create or replace function pymap._register_client(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    loop
        -- The lock keeps remove_client from forgetting the client under a mapping that is about to commit.
        perform from pymap.clients as c
        where c.tenant_id = p_tenant_id and c.client_id = p_client_id
        for key share;
        exit when found;
        insert into pymap.clients (tenant_id, client_id, client_type)
        values (p_tenant_id, p_client_id, p_client_type)
        on conflict do nothing;
    end loop;
    perform pymap._check_client(p_client_id, p_client_type, p_tenant_id);
end
$function$;

comment on function pymap._register_client(bigint, text, bigint) is
'Private. Writes the client and its type, and locks both until the transaction ends. Errors: PM003.';

revoke all on function pymap._register_client(bigint, text, bigint) from public;
