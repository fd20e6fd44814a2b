create or replace function pymap._undo_event(p_event pymap.event)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_undone_id bigint := (
        select e.id
        from pymap.mapping_events as e
        where e.tenant_id = p_event.tenant_id and e.undoes = p_event.id
    );
begin
    if v_undone_id is not null then
        perform pymap._refuse_undo(p_event.id, format('Event %s has undone it already.', v_undone_id));
    end if;
    case p_event.kind
        when 'merged' then perform pymap._undo_merge(p_event);
        when 'split' then perform pymap._undo_split(p_event);
        when 'distinct' then perform pymap._undo_distinct(p_event);
        when 'undone' then
            perform pymap._refuse_undo(p_event.id, 'This event is an undo. Repeat the original change instead.');
        else perform pymap._undo_mapping(p_event);
    end case;
    return pymap._note_event(
        'undone', p_event.media_type, p_event.media_item_after, p_event.media_item_before, 'undo', null, p_event.id,
        p_event.tenant_id
    );
end
$function$;

comment on function pymap._undo_event(pymap.event) is
'Private. Takes back what one event did. The caller has locked its media items. Returns the ID of the event that '
'records the undo. Errors: PM005.';

revoke all on function pymap._undo_event(pymap.event) from public;
