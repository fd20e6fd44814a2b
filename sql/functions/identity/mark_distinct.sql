create or replace function pymap.mark_distinct(p_media_item_id bigint, p_other_id bigint, p_tenant_id bigint default 0)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_media_item_id bigint;
    v_other_id bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._require_read_committed('mark_distinct', 'It would not see media items that were merged meanwhile.');
    perform pymap._lock_tenant('identity', p_tenant_id);

    v_media_item_id := pymap._live_media_item('p_media_item_id', p_media_item_id, p_tenant_id);
    v_other_id := pymap._live_media_item('p_other_id', p_other_id, p_tenant_id);
    if v_media_item_id = v_other_id then
        perform pymap._invalid_argument(
            'p_other_id', p_other_id::text,
            format('Both IDs stand for media item %s. Use split_media_item or undo to make two of it.', v_media_item_id)
        );
    end if;
    if v_other_id in (select d.id from pymap._distinct_from(v_media_item_id, p_tenant_id) as d (id)) then
        return null;
    end if;
    return pymap._mark_distinct(v_media_item_id, v_other_id, p_tenant_id);
end
$function$;

comment on function pymap.mark_distinct(bigint, bigint, bigint) is
$comment$Notes that two media items are not the same. They are never matched, merged or proposed again.
Parameters: p_media_item_id and p_other_id, also IDs of media items that were merged into another one; p_tenant_id.
Returns the ID of the event, for undo; NULL if that was known already.
Errors: P0002 if one of them does not exist; 22023 if they are one media item; 0A000 in a transaction that is not READ
COMMITTED. Waits for a running sync of the tenant.$comment$;

revoke all on function pymap.mark_distinct(bigint, bigint, bigint) from public;
grant execute on function pymap.mark_distinct(bigint, bigint, bigint) to pymap_writer;
