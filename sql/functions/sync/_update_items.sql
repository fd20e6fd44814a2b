create or replace function pymap._update_items(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_rows constant bigint := 50000;
    v_portions bigint;
    v_entries bigint;
    v_total bigint;
begin
    select count(*) / c_rows + 1, count(*) filter (where not e.is_new), count(*)
    into v_portions, v_entries, v_total
    from pg_temp.pymap_entries as e
    where not e.is_unchanged;

    -- In portions: what the triggers hold in memory grows with the rows of a statement.
    for v_portion in 0 .. v_portions - 1 loop
        perform pymap._progress('writing', v_entries * v_portion / v_portions, v_total);
        with told as (
            select t.media_item_id, t.is_kept, t.sync_clients, f.title, f.release_year, f.parent_id, f.parent_number, f.number
            from (
                select e.media_item_id, min(e.n) as first_n, bool_and(e.action = 'kept') as is_kept,
                       jsonb_agg(
                           jsonb_build_object('clientId', p_client_id, 'clientType', p_client_type, 'itemId', e.client_item_id)
                           order by e.n
                       ) filter (where e.action <> 'kept') as sync_clients
                from pg_temp.pymap_entries as e
                where not e.is_unchanged and not e.is_new and e.media_item_id % v_portions = v_portion
                group by e.media_item_id
            ) as t
            join pg_temp.pymap_entries as f on f.n = t.first_n
        ),
        lost as (
            select l.media_item_id, array_agg(l.client_item_id) as client_item_ids
            from pg_temp.pymap_losses as l
            where l.media_item_id % v_portions = v_portion
            group by l.media_item_id
        ),
        added as (
            select a.media_item_id,
                   jsonb_agg(jsonb_build_object('source', a.source, 'id', a.external_id) order by a.source, a.external_id)
                       as external_ids
            from pg_temp.pymap_additions as a
            where a.media_item_id % v_portions = v_portion
            group by a.media_item_id
        ),
        changes as materialized (
            select coalesce(t.media_item_id, l.media_item_id) as media_item_id, t.sync_clients, a.external_ids,
                   l.client_item_ids as lost_ids, t.title, t.release_year, t.parent_id, t.parent_number, t.number,
                   -- The columns are what the first client told; while it is the only one, they follow it.
                   t.is_kept
                   and (
                       select count(*)
                       from pymap.client_items as c
                       where c.tenant_id = p_tenant_id and c.media_item_id = t.media_item_id
                   ) = 1 as is_only
            from told as t
            full join lost as l on l.media_item_id = t.media_item_id
            left join added as a on a.media_item_id = t.media_item_id
        )
        update pymap.media_items as i
        set sync_clients = case
                when c.lost_ids is null then i.sync_clients
                else pymap._without_client_items(i.sync_clients, p_client_id, c.lost_ids)
            end || coalesce(c.sync_clients, '[]'),
            external_ids = i.external_ids || coalesce(c.external_ids, '[]'),
            title = case when c.is_only then coalesce(c.title, i.title) else coalesce(i.title, c.title) end,
            release_year = case
                when c.is_only then coalesce(c.release_year, i.release_year) else coalesce(i.release_year, c.release_year)
            end,
            parent_id = case when c.is_only then coalesce(c.parent_id, i.parent_id) else coalesce(i.parent_id, c.parent_id) end,
            parent_number = case when c.is_only or i.number is null then coalesce(c.parent_number, i.parent_number) else i.parent_number end,
            number = case when c.is_only then coalesce(c.number, i.number) else coalesce(i.number, c.number) end
        from changes as c
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
              or c.is_only and (
                  c.title <> i.title or c.release_year <> i.release_year or c.parent_id <> i.parent_id
                  or c.parent_number <> i.parent_number or c.number <> i.number
              )
          );
    end loop;
end
$function$;

comment on function pymap._update_items(bigint, text, bigint) is
'Private. Gives the media items of pg_temp.pymap_entries their new mappings and fields that they lacked, and removes '
'the mappings of pymap_losses.';

revoke all on function pymap._update_items(bigint, text, bigint) from public;
