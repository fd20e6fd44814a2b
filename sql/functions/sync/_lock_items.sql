create or replace function pymap._lock_items(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_match constant integer := pymap._match_weight('decision', 'match');
    c_review constant integer := pymap._match_weight('decision', 'review');
    v_locked bigint;
    v_changed bigint;
begin
    -- Counted, because PERFORM would keep every row in memory.
    select count(*)
    into v_locked
    from (
        select e.media_item_id from pg_temp.pymap_entries as e where not e.is_unchanged and not e.is_new
        union
        select l.known_id from pg_temp.pymap_losses as l
        union
        select e.known_id from pg_temp.pymap_entries as e where e.action = 'reassigned'
        union
        -- What others are going to refer to must not go meanwhile.
        select e.parent_id from pg_temp.pymap_entries as e where not e.is_unchanged and e.parent_id is not null
        union
        select c.media_item_id
        from pg_temp.pymap_entries as e
        join pg_temp.pymap_candidates as c on c.n = e.n
        where e.is_new and not c.is_refused and c.weight >= c_review
        union
        select v.id
        from pg_temp.pymap_merges as m
        cross join lateral (
            values (m.keep_id), (m.duplicate_id)
            union all
            select i.id
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id and i.parent_id = m.duplicate_id
            union all
            select i.id
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id and i.merged_into = m.duplicate_id
        ) as v (id)
        order by 1
    ) as a
    cross join lateral (
        select from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = a.media_item_id for update
    ) as i;

    select (
        select count(*)
        from pg_temp.pymap_pairs as p
        left join pg_temp.pymap_merges as g on g.duplicate_id = p.found_id
        join pg_temp.pymap_candidates as c
            on c.n = p.n and c.media_item_id = coalesce(g.keep_id, p.found_id) and c.weight >= c_match
        left join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = p.found_id
        where i.updated_at is distinct from p.updated_at
    ) + (
        select count(*)
        from (
            select e.parent_id as id from pg_temp.pymap_entries as e where not e.is_unchanged and e.parent_id is not null
            except
            select e.media_item_id from pg_temp.pymap_entries as e where e.is_new
        ) as p
        left join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = p.id
        where i.id is null or i.merged_into is not null
    ) + (
        select count(*)
        from pg_temp.pymap_merges as m
        cross join lateral (values (m.keep_id), (m.duplicate_id)) as v (id)
        left join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = v.id
        where i.id is null or i.merged_into is not null
    )
    into v_changed;
    if v_changed > 0 then
        raise sqlstate 'PM999';
    end if;
end
$function$;

comment on function pymap._lock_items(bigint) is
'Private. Locks the media items that will be written, in the order of their IDs. Raises PM999 if one was deleted or '
'changed since it was matched.';

revoke all on function pymap._lock_items(bigint) from public;
