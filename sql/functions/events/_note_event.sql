create or replace function pymap._note_event(
    p_kind text,
    p_media_type text,
    p_media_item_before bigint,
    p_media_item_after bigint,
    p_evidence text,
    p_details jsonb,
    p_undoes bigint,
    p_tenant_id bigint
)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_event_id bigint;
begin
    insert into pymap.mapping_events (
        tenant_id, epoch, system_identifier, position, kind, media_type, media_item_before, media_item_after, evidence,
        details, undoes
    )
    select p_tenant_id, o.epoch, o.system_identifier, o.feed_position, p_kind, p_media_type, p_media_item_before,
           p_media_item_after, p_evidence, p_details, p_undoes
    from pymap._open_events(p_tenant_id) as o
    returning id into v_event_id;
    return v_event_id;
end
$function$;

comment on function pymap._note_event(text, text, bigint, bigint, text, jsonb, bigint, bigint) is
'Private. Writes an event that is not the change of one mapping. Returns its ID.';

revoke all on function pymap._note_event(text, text, bigint, bigint, text, jsonb, bigint, bigint) from public;
