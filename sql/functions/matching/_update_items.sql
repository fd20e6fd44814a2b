create or replace function pymap._update_items(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
as $function$
declare
    v_first bigint;
    v_last bigint;
    v_step bigint;
begin
    select min(u.media_item_id), max(u.media_item_id),
           (max(u.media_item_id) - min(u.media_item_id)) / (count(*) / 50000 + 1) + 1
    into v_first, v_last, v_step
    from (
        select e.media_item_id from pg_temp.pymap_entries as e where e.open and e.leader is null
        union all
        select l.media_item_id from pg_temp.pymap_losses as l
    ) as u;

    -- In portions: what the triggers hold in memory grows with the rows of a statement.
    while v_first <= v_last loop
        -- One grouping of everything, not a join of groups: up to PostgreSQL 17 that could become a nested loop.
        update pymap.media_items as i
        set sync_clients = case
                when c.lost_ids is null then i.sync_clients
                else pymap._without_client_items(i.sync_clients, p_client_id, c.lost_ids)
            end || coalesce(c.sync_clients, '[]'),
            external_ids = i.external_ids || coalesce(c.external_ids, '[]'),
            title = coalesce(i.title, c.title),
            release_year = coalesce(i.release_year, c.release_year),
            parent_id = coalesce(i.parent_id, c.parent_id),
            parent_number = coalesce(i.parent_number, c.parent_number),
            number = coalesce(i.number, c.number)
        from (
            select u.media_item_id,
                   jsonb_agg(u.sync_client order by u.n) filter (where u.sync_client is not null) as sync_clients,
                   array_agg(u.lost_id) filter (where u.lost_id is not null) as lost_ids,
                   jsonb_agg(u.external_id order by u.external_id) filter (where u.external_id is not null)
                       as external_ids,
                   (array_agg(u.title order by u.n) filter (where u.title is not null))[1] as title,
                   (array_agg(u.release_year order by u.n) filter (where u.release_year is not null))[1] as release_year,
                   (array_agg(u.parent_id order by u.n) filter (where u.parent_id is not null))[1] as parent_id,
                   (array_agg(u.parent_number order by u.n) filter (where u.parent_number is not null))[1]
                       as parent_number,
                   (array_agg(u.number order by u.n) filter (where u.number is not null))[1] as number
            from (
                select e.media_item_id, e.n,
                       case
                           when e.action <> 'kept'
                           then pymap._sync_client(p_client_id, p_client_type, e.client_item_id, e.evidence)
                       end as sync_client,
                       null::text as lost_id, null::jsonb as external_id,
                       e.title, e.release_year, e.parent_id, e.parent_number, e.number
                from pg_temp.pymap_entries as e
                where e.open and e.leader is null
                union all
                select l.media_item_id, null, null, l.client_item_id, null, null, null, null, null, null
                from pg_temp.pymap_losses as l
                union all
                select a.media_item_id, null, null, null, a.element, null, null, null, null, null
                from pg_temp.pymap_additions as a
            ) as u
            where u.media_item_id between v_first and v_first + v_step - 1
            group by u.media_item_id
            having count(u.n) > 0 or count(u.lost_id) > 0
        ) as c
        where i.tenant_id = p_tenant_id and i.id = c.media_item_id;
        v_first := v_first + v_step;
    end loop;
end
$function$;

comment on function pymap._update_items(bigint, text, bigint) is
'Private. Gives the media items of pg_temp.pymap_entries their new mappings and what they did not know, and takes away '
'the mappings of pymap_losses.';

revoke all on function pymap._update_items(bigint, text, bigint) from public;
