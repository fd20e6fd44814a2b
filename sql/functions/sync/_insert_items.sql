create or replace function pymap._insert_items(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_rows constant bigint := 50000;
    v_last bigint;
    v_entries bigint;
    v_total bigint;
begin
    select max(e.n) filter (where e.is_new), count(*) filter (where e.is_new), count(*)
    into v_last, v_entries, v_total
    from pg_temp.pymap_entries as e
    where not e.is_unchanged;

    -- In portions: what the triggers hold in memory grows with the rows of a statement.
    for v_portion in 0 .. coalesce(v_last / c_rows, -1) loop
        perform pymap._progress('writing', v_total - v_entries + v_entries * v_portion / (v_last / c_rows + 1), v_total);
        insert into pymap.media_items (
            tenant_id, id, type, title, release_year, sync_clients, external_ids, data, parent_id, parent_number, number
        )
        select p_tenant_id, e.media_item_id, e.media_type, coalesce(e.title, o.title), coalesce(e.release_year, o.release_year),
               jsonb_build_array(jsonb_build_object(
                   'clientId', p_client_id, 'clientType', p_client_type, 'itemId', e.client_item_id
               )) || coalesce(o.sync_clients, '[]'),
               coalesce(a.external_ids, '[]'), e.data, coalesce(e.parent_id, o.parent_id),
               coalesce(e.parent_number, o.parent_number), coalesce(e.number, o.number)
        from pg_temp.pymap_entries as e
        left join (
            select o.media_item_id,
                   jsonb_agg(jsonb_build_object('source', o.source, 'id', o.external_id) order by o.source, o.external_id)
                       as external_ids
            from pg_temp.pymap_additions as o
            group by o.media_item_id
        ) as a on a.media_item_id = e.media_item_id
        -- What the others of a group add to its first one.
        left join (
            select m.group_n,
                   jsonb_agg(
                       jsonb_build_object('clientId', p_client_id, 'clientType', p_client_type, 'itemId', m.client_item_id)
                       order by m.n
                   ) as sync_clients,
                   (array_agg(m.title order by m.n) filter (where m.title is not null))[1] as title,
                   (array_agg(m.release_year order by m.n) filter (where m.release_year is not null))[1] as release_year,
                   (array_agg(m.parent_id order by m.n) filter (where m.parent_id is not null))[1] as parent_id,
                   (array_agg(m.parent_number order by m.n) filter (where m.parent_number is not null))[1] as parent_number,
                   (array_agg(m.number order by m.n) filter (where m.number is not null))[1] as number
            from pg_temp.pymap_entries as m
            where m.is_new and m.n <> m.group_n
            group by m.group_n
        ) as o on o.group_n = e.n
        where e.is_new
          -- As it is never lower, equal; planners would expect one row.
          and e.n <= e.group_n
          and e.group_n >= v_portion * c_rows
          and e.group_n < (v_portion + 1) * c_rows;
    end loop;
    perform pymap._progress('writing', v_total, v_total);
end
$function$;

comment on function pymap._insert_items(bigint, text, bigint) is
'Private. Inserts the new media items of the groups of pg_temp.pymap_entries.';

revoke all on function pymap._insert_items(bigint, text, bigint) from public;
