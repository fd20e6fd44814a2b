create or replace function pymap._update_items(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
as $function$
declare
    c_rows constant bigint := 50000;
    v_portions bigint;
begin
    select count(*) / c_rows
    into v_portions
    from pg_temp.pymap_entries as e
    where not e.is_unchanged;

    -- In portions: what the triggers hold in memory grows with the rows of a statement.
    for v_portion in 0 .. v_portions loop
        update pymap.media_items as i
        set sync_clients = case
                when c.lost_ids is null then i.sync_clients
                else pymap._without_client_items(i.sync_clients, p_client_id, c.lost_ids)
            end || coalesce(c.sync_clients, '[]'),
            external_ids = i.external_ids || coalesce(c.external_ids, '[]'),
            -- The columns are what the first client told; while it is the only one, they follow it.
            title = case when s.is_only and c.title is not null then c.title else coalesce(i.title, c.title) end,
            release_year = case when s.is_only and c.release_year is not null then c.release_year else coalesce(i.release_year, c.release_year) end,
            parent_id = case when s.is_only and c.parent_id is not null then c.parent_id else coalesce(i.parent_id, c.parent_id) end,
            parent_number = case when s.is_only and c.number is not null then c.parent_number else coalesce(i.parent_number, c.parent_number) end,
            number = case when s.is_only and c.number is not null then c.number else coalesce(i.number, c.number) end
        from (
            select u.media_item_id,
                   jsonb_agg(u.sync_client order by u.n) filter (where u.sync_client is not null) as sync_clients,
                   array_agg(u.lost_id) filter (where u.lost_id is not null) as lost_ids,
                   jsonb_agg(u.external_id order by u.external_id) filter (where u.external_id is not null)
                       as external_ids,
                   (array_agg(u.title order by u.n) filter (where u.title is not null))[1] as title,
                   (array_agg(u.release_year order by u.n) filter (where u.release_year is not null))[1] as release_year,
                   (array_agg(u.parent_id order by u.n) filter (where u.parent_id is not null))[1] as parent_id,
                   (array_agg(u.parent_number order by u.n) filter (where u.number is not null))[1] as parent_number,
                   (array_agg(u.number order by u.n) filter (where u.number is not null))[1] as number,
                   bool_and(u.action = 'kept') filter (where u.n is not null) as is_kept
            from (
                select e.media_item_id, e.n, e.action,
                       case
                           when e.action <> 'kept'
                           then jsonb_build_object('clientId', p_client_id, 'clientType', p_client_type, 'itemId', e.client_item_id)
                       end as sync_client,
                       null::text as lost_id, null::jsonb as external_id,
                       e.title, e.release_year, e.parent_id, e.parent_number, e.number
                from pg_temp.pymap_entries as e
                where not e.is_unchanged and not e.is_new
                union all
                select l.media_item_id, null, null, null, l.client_item_id, null, null, null, null, null, null
                from pg_temp.pymap_losses as l
                union all
                select a.media_item_id, null, null, null, null,
                       jsonb_build_object('source', a.source, 'id', a.external_id), null, null, null, null, null
                from pg_temp.pymap_additions as a
            ) as u
            where u.media_item_id % (v_portions + 1) = v_portion
            group by u.media_item_id
        ) as c
        cross join lateral (
            select coalesce(c.is_kept, false) and count(*) = 1 as is_only
            from (
                select
                from pymap.client_items as o
                where o.tenant_id = p_tenant_id and o.media_item_id = c.media_item_id
                limit 2
            ) as o
        ) as s
        where i.tenant_id = p_tenant_id
          and i.id = c.media_item_id
          and (
              c.sync_clients is not null
              or c.lost_ids is not null
              or c.external_ids is not null
              or i.title is null and c.title is not null
              or i.release_year is null and c.release_year is not null
              or i.parent_id is null and c.parent_id is not null
              or i.number is null and c.number is not null
              or s.is_only and (
                  c.title <> i.title or c.release_year <> i.release_year or c.parent_id <> i.parent_id
                  or (c.parent_number, c.number) is distinct from (i.parent_number, i.number)
              )
          );
    end loop;
end
$function$;

comment on function pymap._update_items(bigint, text, bigint) is
'Private. Gives the media items of pg_temp.pymap_entries their new mappings and what they did not know, and takes away '
'the mappings of pymap_losses.';

revoke all on function pymap._update_items(bigint, text, bigint) from public;
