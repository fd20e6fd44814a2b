create or replace function pymap._write_entries(p_client_id bigint, p_client_type text, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    -- Materialised: a join that scans it twice must not draw twice.
    with new_items as materialized (
        select l.n, nextval(pg_get_serial_sequence('pymap.media_items', 'id')) as media_item_id
        from (
            select o.n from pg_temp.pymap_entries as o where o.action = 'created' and o.n = o.leader order by o.n
        ) as l
    )
    update pg_temp.pymap_entries as e
    set media_item_id = i.media_item_id
    from new_items as i
    where e.n = i.n;
    update pg_temp.pymap_entries as e
    set media_item_id = (select l.media_item_id from pg_temp.pymap_entries as l where l.n = e.leader)
    where e.action = 'created' and e.n <> e.leader;

    perform pymap._claim_entries(p_client_id, p_tenant_id);

    update pymap.media_items as i
    set sync_clients = i.sync_clients || a.sync_clients,
        external_ids = i.external_ids || pymap._new_external_ids(i.external_ids, a.external_ids)
    from (
        select e.media_item_id,
               jsonb_agg(pymap._sync_client(p_client_id, p_client_type, e.client_item_id) order by e.n) as sync_clients,
               jsonb_path_query_array(jsonb_agg(e.external_ids order by e.n), '$[*][*]') as external_ids
        from pg_temp.pymap_entries as e
        where e.action = 'matched'
        group by e.media_item_id
    ) as a
    where i.tenant_id = p_tenant_id and i.id = a.media_item_id;

    insert into pymap.media_items (tenant_id, id, type, title, release_year, sync_clients, external_ids, data)
    select p_tenant_id,
           e.media_item_id,
           e.media_type,
           (array_agg(e.title order by e.n))[1],
           (array_agg(e.release_year order by e.n))[1],
           jsonb_agg(pymap._sync_client(p_client_id, p_client_type, e.client_item_id) order by e.n),
           jsonb_path_query_array(jsonb_agg(e.external_ids order by e.n), '$[*][*]'),
           (array_agg(e.data order by e.n))[1]
    from pg_temp.pymap_entries as e
    where e.action = 'created'
    group by e.media_item_id, e.media_type;
end
$function$;

comment on function pymap._write_entries(bigint, text, bigint) is
'Private. Writes what _match_entries decided. Errors: PM999 if another session was faster, see _claim_entries.';

revoke all on function pymap._write_entries(bigint, text, bigint) from public;
