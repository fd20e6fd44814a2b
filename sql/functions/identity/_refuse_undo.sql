create or replace function pymap._refuse_undo(p_event_id bigint, p_reason text)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    raise exception 'event % cannot be undone', p_event_id
        using errcode = 'PM005',
              detail = p_reason,
              hint = 'Undo the later changes first, or use merge_media_items, split_media_item or link_client_item.';
end
$function$;

comment on function pymap._refuse_undo(bigint, text) is
'Private. Raises PM005 with the reason why an event cannot be undone.';

revoke all on function pymap._refuse_undo(bigint, text) from public;
