create or replace function pymap._stage_items(p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    with items as materialized (
        select i.id, i.type, i.external_ids, i.parent_id, i.parent_number, i.number
        from (
            select h.media_item_id from pg_temp.pymap_hits as h
            union
            select c.media_item_id from pg_temp.pymap_candidates as c where c.media_item_id is not null
        ) as a
        cross join lateral (
            select o.* from pymap.media_items as o where o.tenant_id = p_tenant_id and o.id = a.media_item_id offset 0
        ) as i
        where not exists (select from pg_temp.pymap_matches as m where m.media_item_id = a.media_item_id)
    ),
    added as (
        insert into pg_temp.pymap_matches (media_item_id, media_type, external_ids)
        select i.id, i.type, i.external_ids from items as i
    )
    insert into pg_temp.pymap_facts (n, media_type, source, external_id)
    select -coalesce(g.keep_id, i.id), i.type, f.source, f.external_id
    from items as i
    left join pg_temp.pymap_merges as g on g.duplicate_id = i.id
    cross join lateral (
        select x.source, x.id
        from jsonb_to_recordset(i.external_ids) as x (source text, id text)
        union all
        -- Siblings with different numbers are different things.
        select format('#items of %s: %s', i.parent_id, v.name), v.number::text
        from (values ('number', i.number), ('parent number', i.parent_number)) as v (name, number)
        where v.number is not null
        union all
        select format('#distinct %s from %s', p.media_item_id, p.other_id), p.own_id::text
        from pymap._distinct_pairs_of(i.id, p_tenant_id) as p
    ) as f (source, external_id);
end
$function$;

comment on function pymap._stage_items(bigint) is
'Private. Puts the media items of pg_temp.pymap_hits and pymap_candidates into pymap_matches, as they are now, and what '
'is known of them into pymap_facts.';

revoke all on function pymap._stage_items(bigint) from public;
