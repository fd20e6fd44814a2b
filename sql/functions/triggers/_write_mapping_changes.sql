create or replace function pymap._write_mapping_changes(p_changes pymap.mapping_change[])
returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_wanted bigint;
    v_written bigint;
    v_taken bigint;
    v_told jsonb;
begin
    -- What a sync has written is in step already.
    if not exists (
        select
        from unnest(p_changes) as m
        left join lateral (
            select o.media_item_id
            from pymap.client_items as o
            where o.tenant_id = m.tenant_id
              and o.client_id = m.client_id
              and o.client_item_id = m.client_item_id
              and o.media_type = m.media_type
            offset 0
        ) as c on true
        where c.media_item_id is distinct from m.media_item_after
    ) then
        return null;
    end if;

    v_wanted := (select count(*) from unnest(p_changes) as m where m.media_item_after is not null);
    if exists (select from unnest(p_changes) as m where m.media_item_before is not null) then
        update pymap.client_items as c
        set media_item_id = m.media_item_after
        from unnest(p_changes) as m
        where c.tenant_id = m.tenant_id
          and c.client_id = m.client_id
          and c.client_item_id = m.client_item_id
          and c.media_type = m.media_type
          and c.media_item_id = m.media_item_before
          and m.media_item_after is not null;

        with gone as (
            delete from pymap.client_items as c
            using unnest(p_changes) as m
            where c.tenant_id = m.tenant_id
              and c.client_id = m.client_id
              and c.client_item_id = m.client_item_id
              and c.media_type = m.media_type
              and c.media_item_id = m.media_item_before
              and m.media_item_after is null
            returning c.*
        )
        select jsonb_object_agg(concat_ws(' ', g.tenant_id, g.client_id, g.media_type, g.client_item_id), to_jsonb(g))
        into v_told
        from gone as g
        where g.told_hash is not null;
    end if;

    -- Ordered by key, so that concurrent statements wait for each other instead of deadlocking.
    insert into pymap.client_items (tenant_id, client_id, client_item_id, media_type, media_item_id)
    select m.tenant_id, m.client_id, m.client_item_id, m.media_type, m.media_item_after
    from unnest(p_changes) as m
    where m.media_item_after is not null
    order by 1, 2, m.client_item_id collate "C", m.media_type collate "C"
    on conflict do nothing;
    get diagnostics v_written = row_count;
    -- A snapshot of the whole transaction can also show two holders: ours, and one that another session has taken it from.
    if v_written = v_wanted and current_setting('transaction_isolation') = 'read committed' then
        return v_told;
    end if;

    select count(*)
    into v_taken
    from unnest(p_changes) as m
    join pymap.client_items as c
        on c.tenant_id = m.tenant_id
        and c.client_id = m.client_id
        and c.client_item_id = m.client_item_id
        and c.media_type = m.media_type
    where c.media_item_id <> m.media_item_after;
    if v_taken > 0 then
        perform pymap._mapping_conflict(m.tenant_id, m.client_id, m.client_item_id, m.media_type, m.media_item_after)
        from unnest(p_changes) as m
        where m.media_item_after is not null;
    end if;
    return v_told;
end
$function$;

comment on function pymap._write_mapping_changes(pymap.mapping_change[]) is
'Private. Brings client_items in step with the arrays. What was reported moves with a mapping. Returns what was '
'reported of removed mappings. Errors: PM001, 40001.';

revoke all on function pymap._write_mapping_changes(pymap.mapping_change[]) from public;
