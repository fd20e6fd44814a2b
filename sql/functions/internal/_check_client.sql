create or replace function pymap._check_client(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_known_type text := pymap._client_type(p_client_id, p_tenant_id);
begin
    if v_known_type is not null and v_known_type is distinct from p_client_type then
        perform pymap._check_client_type('p_client_type', p_client_type);
        raise exception 'client % is of type %, not %', p_client_id, v_known_type, p_client_type
            using errcode = 'PM003',
                  detail = format(
                      'The mappings of client %s of tenant %s were written with client type %s.',
                      p_client_id, p_tenant_id, quote_literal(v_known_type)
                  ),
                  hint = 'Use a client ID of its own for every server; '
                         'remove_client forgets one that was registered by mistake.';
    end if;
end
$function$;

comment on function pymap._check_client(bigint, text, bigint) is
'Private. Raises PM003 if the client is known with another client type.';

revoke all on function pymap._check_client(bigint, text, bigint) from public;
grant execute on function pymap._check_client(bigint, text, bigint) to pymap_reader;
