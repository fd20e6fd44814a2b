create or replace function pymap._lock_items(p_tenant_id bigint)
returns void
language plpgsql
as $function$
declare
    v_locked bigint;
    v_gone bigint;
begin
    -- Counted, because PERFORM would keep every row in memory.
    select count(*)
    into v_locked
    from (
        select e.media_item_id from pg_temp.pymap_entries as e where e.open and e.leader is null
        union
        select l.known_id from pg_temp.pymap_losses as l
        union
        -- What others are going to refer to must not go meanwhile.
        select e.parent_id from pg_temp.pymap_entries as e where e.open and e.parent_id is not null
        union
        select r.media_item_id
        from pg_temp.pymap_reviews as r
        join pg_temp.pymap_entries as e on e.n = r.n and e.leader = e.n
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

    -- Counted, because EXISTS would be planned as if one were found at once.
    select count(*)
    into v_gone
    from pg_temp.pymap_entries as e
    where e.open
      and (select i.id from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = e.parent_id) is null
      and not exists (
          select from pg_temp.pymap_entries as p where p.leader is not null and p.media_item_id = e.parent_id
      )
      and e.parent_id is not null;
    if v_gone > 0 or exists (
        select
        from pg_temp.pymap_matches as m
        where (
            select i.external_ids from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = m.media_item_id
        ) is distinct from m.external_ids
    ) then
        raise sqlstate 'PM999';
    end if;
end
$function$;

comment on function pymap._lock_items(bigint) is
'Private. Locks the media items that will be written, by ID. Raises PM999 if one is gone or has other external IDs '
'than it was matched by.';

revoke all on function pymap._lock_items(bigint) from public;
