create or replace function pymap._share_writing(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    loop
        perform from pymap.locks as l where l.tenant_id = p_tenant_id and l.name = 'writing' for key share;
        exit when found;
        insert into pymap.locks (tenant_id, name) values (p_tenant_id, 'writing') on conflict do nothing;
    end loop;
end
$function$;

comment on function pymap._share_writing(bigint) is
'Private. Waits for a sync that was disturbed and now writes alone; it waits for us until the transaction ends.';

revoke all on function pymap._share_writing(bigint) from public;
