create or replace function pymap._match_2_find_candidates(p_level integer, p_tenant_id bigint)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    insert into pg_temp.pymap_pairs (n, found_id, updated_at)
    select f.n, f.media_item_id, i.updated_at
    from (
        select distinct e.n, c.media_item_id
        from pg_temp.pymap_entries as e
        join pymap.media_types as t on t.name = e.media_type
        cross join lateral (
            select e.known_id as media_item_id
            union all
            select c.* from pymap._candidates_by_external_id(e.media_type, e.external_ids, p_tenant_id) as c
            union all
            select c.* from pymap._candidates_by_file(e.media_type, e.path_key, p_tenant_id) as c
            union all
            select c.*
            from pymap._candidates_by_title(e.media_type, e.title_key, p_tenant_id) as c
            where t.title_identifies and e.number is null
            union all
            select c.*
            from (
                select e.parent_id as id
                union all
                select m.duplicate_id from pg_temp.pymap_merges as m where m.keep_id = e.parent_id
            ) as p
            cross join lateral pymap._candidates_by_place(
                e.media_type, p.id, e.title_key, e.parent_number, e.number, p_tenant_id
            ) as c
            where e.parent_id is not null
        ) as c
        where e.level = p_level and e.action is null and c.media_item_id is not null
    ) as f
    cross join lateral (
        -- Whatever the planner expects, the table is not scanned.
        select o.updated_at from pymap.media_items as o where o.tenant_id = p_tenant_id and o.id = f.media_item_id offset 0
    ) as i;
    return found;
end
$function$;

comment on function pymap._match_2_find_candidates(integer, bigint) is
'Private. Fills pg_temp.pymap_pairs for the undecided entries of a level: the media items that share an external ID, a '
'file, a place or a title with them, and the media item that they are mapped to.';

revoke all on function pymap._match_2_find_candidates(integer, bigint) from public;
