create or replace function pymap._match_listing(p_client_id bigint, p_media_types text[], p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_level record;
    v_has_candidates boolean;
begin
    -- What an item is part of is known before the item itself is looked for.
    for v_level in
        select t.level, sum(l.entries)::bigint as entries,
               (sum(sum(l.entries)) over (order by t.level) - sum(l.entries))::bigint as earlier,
               (sum(sum(l.entries)) over ())::bigint as total
        from pymap.media_types as t
        left join (
            select e.media_type, count(*) as entries from pg_temp.pymap_entries as e group by e.media_type
        ) as l on l.media_type = t.name
        group by t.level
        order by t.level
    loop
        perform pymap._match_children(v_level.level, p_tenant_id);
        continue when v_level.entries is null;
        perform pymap._progress('matching', v_level.earlier, v_level.total);
        perform pymap._resolve_parents(v_level.level, p_client_id, p_media_types, p_tenant_id);
        perform pymap._match_1_keep_unchanged(v_level.level);
        v_has_candidates := pymap._match_2_find_candidates(v_level.level, p_tenant_id);
        perform pymap._progress('matching', v_level.earlier + v_level.entries / 3, v_level.total);
        if v_has_candidates then
            perform pymap._match_3_weigh_candidates(v_level.level, p_client_id, p_tenant_id);
        end if;
        perform pymap._progress('matching', v_level.earlier + v_level.entries * 2 / 3, v_level.total);
        perform pymap._match_4_group_entries(v_level.level);
        if v_has_candidates then
            perform pymap._match_5_unite_media_items(p_tenant_id);
            perform pymap._match_6_decide(v_level.level, p_client_id, p_media_types, p_tenant_id);
            perform pymap._unite_what_became_alike(v_level.level, p_client_id, p_tenant_id);
        end if;
        perform pymap._match_7_name_the_rest(v_level.level);
        perform pymap._progress('matching', v_level.earlier + v_level.entries, v_level.total);
    end loop;
end
$function$;

comment on function pymap._match_listing(bigint, text[], bigint) is
'Private. Decides for every entry of pg_temp.pymap_entries which media item it is: see docs/matching.md.';

revoke all on function pymap._match_listing(bigint, text[], bigint) from public;
