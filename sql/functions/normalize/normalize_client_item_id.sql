create or replace function pymap.normalize_client_item_id(p_client_type text, p_client_item_id text)
returns text
language sql
immutable
parallel safe
return case
    when p_client_type = 'jellyfin'
         and p_client_item_id ~* '^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$'
    then lower(replace(p_client_item_id, '-', ''))
    else p_client_item_id
end;

comment on function pymap.normalize_client_item_id(text, text) is
$comment$The spelling under which a client item ID is stored. A Jellyfin GUID loses its dashes and becomes lower case;
every other ID stays as it is.
Parameters: p_client_type, such as 'jellyfin'; p_client_item_id.
Returns text; NULL for NULL.$comment$;

revoke all on function pymap.normalize_client_item_id(text, text) from public;
grant execute on function pymap.normalize_client_item_id(text, text) to pymap_reader;
