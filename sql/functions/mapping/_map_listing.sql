create or replace function pymap._map_listing(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    for v_attempt in 1..100 loop
        begin
            perform pymap._stage_entries(p_client_id, p_client_type, p_tenant_id);
            -- What is mapped stays as it is.
            update pg_temp.pymap_entries as e
            set is_unchanged = true, media_item_id = e.known_id, action = 'kept', parent_id = null, known_parent_id = null,
                parent_item_id = null
            where e.known_id is not null;
            perform pymap._match_listing(p_client_id, '{}', p_tenant_id);
            -- Who asks for one media item gets the oldest of those that turned out to be one; only a sync unites them. What it
            -- tells must not look unchanged to that sync.
            if exists (select from pg_temp.pymap_merges) then
                update pg_temp.pymap_entries as e
                set told_hash = 0
                from pg_temp.pymap_candidates as c
                join pg_temp.pymap_merges as m on m.keep_id = c.media_item_id
                where c.n = e.n;
                update pg_temp.pymap_entries as e
                set media_item_id = e.known_id
                where e.media_item_id <> e.known_id;
                delete from pg_temp.pymap_merges;
            end if;
            perform pymap._write_entries(p_client_id, p_client_type, p_tenant_id);
            return;
        exception
            -- Another session was faster. All claims are undone: look again with a fresh snapshot.
            when sqlstate 'PM999' then null;
        end;
    end loop;
    perform pymap._give_up();
end
$function$;

comment on function pymap._map_listing(bigint, text, bigint) is
'Private. Maps the valid items of pg_temp.pymap_listing that are not mapped yet. Errors: 40001.';

revoke all on function pymap._map_listing(bigint, text, bigint) from public;
