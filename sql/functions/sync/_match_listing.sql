create or replace function pymap._match_listing(p_client_id bigint, p_media_types text[], p_tenant_id bigint)
returns void
language plpgsql
as $function$
declare
    v_media_types text;
begin
    -- What an item is part of is known before the item itself is asked for.
    for v_level in 0..2 loop
        select string_agg(t.media_type, ', ' order by t.media_type)
        into v_media_types
        from (
            select distinct e.media_type
            from pg_temp.pymap_entries as e
            where pymap._level(e.media_type) = v_level
        ) as t;
        if v_media_types is null then
            perform pymap._merge_children(v_level, p_tenant_id);
            continue;
        end if;

        perform pymap._progress('matching ' || v_media_types);
        perform pymap._resolve_parents(v_level, p_client_id, p_media_types, p_tenant_id);
        perform pymap._judge_mappings(v_level, p_tenant_id);
        perform pymap._match_by_external_ids(v_level, p_tenant_id);
        perform pymap._merge_children(v_level, p_tenant_id);
        perform pymap._match_by_numbers(v_level, p_tenant_id);
        perform pymap._match_by_title(v_level, p_tenant_id);
    end loop;

    update pg_temp.pymap_entries as e
    set action = case
            when e.known_id is not null and e.media_item_id <> coalesce(
                (select m.keep_id from pg_temp.pymap_merges as m where m.duplicate_id = e.known_id), e.known_id
            ) then 'reassigned'
            when e.known_id is not null then 'kept'
            else coalesce(e.action, 'created')
        end
    where e.action is distinct from 'kept';
end
$function$;

comment on function pymap._match_listing(bigint, text[], bigint) is
'Private. Decides for every entry of pg_temp.pymap_entries which media item it is, and what a sync does with it.';

revoke all on function pymap._match_listing(bigint, text[], bigint) from public;
