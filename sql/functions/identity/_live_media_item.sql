create or replace function pymap._live_media_item(p_argument text, p_media_item_id bigint, p_tenant_id bigint)
returns bigint
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._check_media_item(p_argument, p_media_item_id, p_tenant_id);
    return pymap.resolve_media_item(p_media_item_id, p_tenant_id);
end
$function$;

comment on function pymap._live_media_item(text, bigint, bigint) is
'Private. The media item that an argument stands for now. Raises P0002, naming the argument, if there is none.';

revoke all on function pymap._live_media_item(text, bigint, bigint) from public;
grant execute on function pymap._live_media_item(text, bigint, bigint) to pymap_reader;
