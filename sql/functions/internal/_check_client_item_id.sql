create or replace function pymap._check_client_item_id(p_argument text, p_client_item_id text)
returns void
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if octet_length(p_client_item_id) between 1 and 1024 is not true then
        perform pymap._invalid_argument(
            p_argument, p_client_item_id, 'A client item ID is text of 1 to 1,024 bytes.'
        );
    end if;
end
$function$;

comment on function pymap._check_client_item_id(text, text) is
'Private. Raises 22023 unless the client item ID has 1 to 1,024 bytes.';

revoke all on function pymap._check_client_item_id(text, text) from public;
grant execute on function pymap._check_client_item_id(text, text) to pymap_reader;
