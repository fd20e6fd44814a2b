create or replace function pymap._keep_disputed(p_level integer, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    update pg_temp.pymap_entries as e
    set action = 'kept',
        media_item_id = k.media_item_id,
        external_ids = k.addable,
        open = k.addable <> '[]'
    from (
        select d.n, coalesce(g.keep_id, d.known_id) as media_item_id,
               -- What others have is disputed as well: added here, it could decide otherwise next time.
               pymap._without_elements(
                   pymap._addable_external_ids(i.external_ids, d.external_ids), coalesce(s.external_ids, '[]'),
                   'source', 'id'
               ) as addable
        from (
            select o.n, o.known_id, o.external_ids
            from (
                select a.*, count(*) over (partition by a.media_item_id) as entries
                from pg_temp.pymap_entries as a
                where a.action is null and pymap._level(a.media_type) = p_level
            ) as o
            where o.known_id is not null and o.entries = 1
        ) as d
        cross join lateral (
            select i.external_ids
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id and i.id = d.known_id
            offset 0
        ) as i
        left join pg_temp.pymap_merges as g on g.duplicate_id = d.known_id
        left join (
            select f.n, jsonb_agg(jsonb_build_object('source', f.source, 'id', f.external_id)) as external_ids
            from pg_temp.pymap_facts as f
            where f.n > 0 and f.key is not null
            group by f.n
        ) as s on s.n = d.n
        where jsonb_array_length(pymap._new_external_ids(i.external_ids, d.external_ids))
              < jsonb_array_length(d.external_ids)
    ) as k
    where k.n = e.n;
end
$function$;

comment on function pymap._keep_disputed(integer, bigint) is
'Private. Leaves entries where they are mapped that contradict their media item in one source, agree with it in another, '
'and are nothing else: a server corrects its metadata. They tell it only what nobody disputes.';

revoke all on function pymap._keep_disputed(integer, bigint) from public;
