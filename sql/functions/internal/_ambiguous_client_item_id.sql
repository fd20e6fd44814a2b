create or replace function pymap._ambiguous_client_item_id(
    p_client_id bigint,
    p_client_item_id text,
    p_tenant_id bigint
)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    raise exception 'client item ID % of client % stands for several media types', quote_literal(p_client_item_id), p_client_id
        using errcode = 'PM002',
              detail = 'It is mapped as ' || (
                  select string_agg(format('%s (media item %s)', m.media_type, m.media_item_id), ', ' order by m.media_type)
                  from pymap.client_items as m
                  where m.tenant_id = p_tenant_id
                    and m.client_id = p_client_id
                    and m.client_item_id = p_client_item_id
              ) || '.',
              hint = 'Name the media type.';
end
$function$;

comment on function pymap._ambiguous_client_item_id(bigint, text, bigint) is
'Private. Raises PM002 for a client item ID, with its media types in DETAIL.';

revoke all on function pymap._ambiguous_client_item_id(bigint, text, bigint) from public;
grant execute on function pymap._ambiguous_client_item_id(bigint, text, bigint) to pymap_reader;
