create or replace function pymap._write_external_id_changes(p_changes pymap.external_id_change[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_wanted bigint;
    v_written bigint;
begin
    -- What a sync or a single call has claimed is in step already.
    if not exists (
        select
        from unnest(p_changes) as c
        left join lateral (
            select true as is_there
            from pymap.external_ids as x
            where x.tenant_id = c.tenant_id
              and x.source = c.source
              and x.external_id = c.external_id
              and x.media_type = c.media_type
              and x.media_item_id = c.media_item_id
            offset 0
        ) as h on true
        where c.is_gone = (h.is_there is not null)
    ) then
        return;
    end if;

    v_wanted := (select count(*) from unnest(p_changes) as c where not c.is_gone);
    if v_wanted < cardinality(p_changes) then
        delete from pymap.external_ids as x
        using unnest(p_changes) as c
        where c.is_gone
          and x.tenant_id = c.tenant_id
          and x.source = c.source
          and x.external_id = c.external_id
          and x.media_type = c.media_type
          and x.media_item_id = c.media_item_id;
    end if;

    -- Whoever comes first gets slot 0; the others, and those whose claim is there already, are looked up again.
    insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
    select c.tenant_id, c.source, c.external_id, c.media_type, 0, c.media_item_id
    from unnest(p_changes) as c
    where not c.is_gone
    order by 1, c.source collate "C", c.external_id collate "C", c.media_type collate "C", 6
    on conflict do nothing;
    get diagnostics v_written = row_count;
    if v_written = v_wanted then
        return;
    end if;

    insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
    select c.tenant_id, c.source, c.external_id, c.media_type, c.media_item_id, c.media_item_id
    from unnest(p_changes) as c
    where not c.is_gone
      and not exists (
          select
          from pymap.external_ids as x
          where x.tenant_id = c.tenant_id
            and x.source = c.source
            and x.external_id = c.external_id
            and x.media_type = c.media_type
            and x.media_item_id = c.media_item_id
      )
    order by 1, c.source collate "C", c.external_id collate "C", c.media_type collate "C", 5
    on conflict do nothing;
end
$function$;

comment on function pymap._write_external_id_changes(pymap.external_id_change[]) is
'Private. Brings external_ids in step with the arrays.';

revoke all on function pymap._write_external_id_changes(pymap.external_id_change[]) from public;
