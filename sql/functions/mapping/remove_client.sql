create or replace function pymap.remove_client(p_client_id bigint, p_tenant_id bigint default 0)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._check_client_id('p_client_id', p_client_id);
    perform pymap._require_read_committed(
        'remove_client', 'A mapping that another session adds meanwhile would lose its client.'
    );

    for v_attempt in 1..100 loop
        begin
            return pymap._remove_client(p_client_id, p_tenant_id);
        exception
            -- A mapping was made meanwhile. All locks are given back: taking more would be out of order.
            when sqlstate 'PM999' then null;
        end;
    end loop;
    perform pymap._give_up();
    return null;
end
$function$;

comment on function pymap.remove_client(bigint, bigint) is
$comment$Removes all mappings of a client and forgets its client type. The media items stay.
Parameters: p_client_id, from 1 up; p_tenant_id.
Returns the number of mappings removed; 0 for an unknown client.
Errors: 22023 for a bad argument; 0A000 in a transaction that is not READ COMMITTED;
40001 if other sessions were faster a hundred times.$comment$;

revoke all on function pymap.remove_client(bigint, bigint) from public;
grant execute on function pymap.remove_client(bigint, bigint) to pymap_writer;
