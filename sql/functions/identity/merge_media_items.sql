create or replace function pymap.merge_media_items(p_keep_id bigint, p_duplicate_id bigint, p_tenant_id bigint default 0)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $function$
declare
    v_keep_id bigint;
    v_duplicate_id bigint;
begin
    perform pymap._check_tenant(p_tenant_id);
    perform pymap._require_read_committed('merge_media_items', 'It would not merge mappings that other sessions commit meanwhile.');
    perform pymap._lock_tenant('identity', p_tenant_id);

    for v_attempt in 1..100 loop
        v_keep_id := pymap._live_media_item('p_keep_id', p_keep_id, p_tenant_id);
        v_duplicate_id := pymap._live_media_item('p_duplicate_id', p_duplicate_id, p_tenant_id);
        if v_keep_id = v_duplicate_id and p_keep_id <> p_duplicate_id then
            return null;
        end if;
        perform pymap._check_merge(v_keep_id, v_duplicate_id, p_tenant_id);

        begin
            perform pymap._open_staging();
            insert into pg_temp.pymap_merges (duplicate_id, keep_id, evidence)
            values (v_duplicate_id, v_keep_id, 'manual');
            perform pymap._match_children(t.level, p_tenant_id)
            from (select distinct m.level from pymap.media_types as m order by 1) as t;
            perform pymap._lock_items(p_tenant_id);
            -- Another session may have changed either item before we got the locks.
            perform pymap._check_merge(v_keep_id, v_duplicate_id, p_tenant_id);
            perform pymap._write_entries(null, null, p_tenant_id);
            return (
                select max(e.id)
                from pymap.mapping_events as e
                where e.tenant_id = p_tenant_id and e.media_item_before = v_duplicate_id and e.kind = 'merged'
            );
        exception
            -- Somebody changed one of them meanwhile: look again.
            when sqlstate 'PM999' then null;
        end;
    end loop;
    perform pymap._give_up();
    return null;
end
$function$;

comment on function pymap.merge_media_items(bigint, bigint, bigint) is
$comment$Makes one media item of two. Mappings, external IDs and children go to the one that is kept. If both have a
child at the same place (numbers, else title and year), these are merged too and the older one is kept. The other
media item's row stays as a redirect: its ID stays valid, see resolve_media_item.
Parameters: p_keep_id and p_duplicate_id, two media items of one media type, also IDs of media items that were merged
already; p_tenant_id.
Returns the ID of the event, for undo; NULL if the two are one already.
Errors: P0002 if one of them does not exist; 22023 if they are the same ID, of different types, or one is part of the
other; PM005 if they were marked as distinct; 40001 if other sessions were faster a hundred times; 0A000 in a
transaction that is not READ COMMITTED. Waits for a running sync of the tenant.$comment$;

revoke all on function pymap.merge_media_items(bigint, bigint, bigint) from public;
grant execute on function pymap.merge_media_items(bigint, bigint, bigint) to pymap_writer;
