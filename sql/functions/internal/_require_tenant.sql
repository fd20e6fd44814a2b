create or replace function pymap._require_tenant(p_tenant_id bigint)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_tenant_id is null then
        perform pymap._invalid_argument('p_tenant_id', null, 'Give 0 if there is only one household.');
    end if;
end
$function$;

comment on function pymap._require_tenant(bigint) is
'Private. Raises 22023 for NULL, with which a query would find nothing, as if the database were empty or intact.';

revoke all on function pymap._require_tenant(bigint) from public;
grant execute on function pymap._require_tenant(bigint) to pymap_reader;
