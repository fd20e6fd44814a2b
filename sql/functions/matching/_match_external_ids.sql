create or replace function pymap._match_external_ids(p_media_type text, p_external_ids jsonb, p_tenant_id bigint)
returns bigint
language plpgsql
stable
-- Called again and again while the tables grow: no cached plan may scan them.
set enable_seqscan = off
set jit = off
set enable_hashjoin = off
set enable_mergejoin = off
as $function$
declare
    v_best record;
    v_media_item_id bigint;
begin
    for v_best in
        select s.shared, array_agg(s.media_item_id) as media_item_ids
        from (
            select h.media_item_id, count(*) as shared
            from jsonb_to_recordset(p_external_ids) as e (source text, id text),
                 unnest(pymap._holders(e.source, e.id, p_media_type, p_tenant_id)) as h (media_item_id)
            group by h.media_item_id
        ) as s
        group by s.shared
        order by s.shared desc
    loop
        with candidates as materialized (
            select min(i.id) as id, array_agg(i.id) as ids, i.external_ids
            from unnest(v_best.media_item_ids) as b (id)
            cross join lateral (
                select o.id, o.external_ids
                from pymap.media_items as o
                where o.tenant_id = p_tenant_id and o.id = b.id
                offset 0
            ) as i
            where not pymap._external_ids_contradict(i.external_ids, p_external_ids)
            group by i.external_ids
        )
        select min(c.id) filter (
            where not exists (
                select
                from candidates as o
                where pymap._external_ids_contradict(o.external_ids, c.external_ids)
                   or exists (
                       select
                       from unnest(c.ids) as m (id), pymap._distinct_from(m.id, p_tenant_id) as d (id)
                       where d.id = any (o.ids)
                   )
            )
        )
        into v_media_item_id
        from candidates as c
        having count(*) > 0;
        exit when found;
    end loop;
    return v_media_item_id;
end
$function$;

comment on function pymap._match_external_ids(text, jsonb, bigint) is
'Private. The media item that shares most of these external IDs, contradicts none of them and has no rival: an equally '
'good one that contradicts it or is known to differ. The oldest of those that agree; NULL where there is none.';

revoke all on function pymap._match_external_ids(text, jsonb, bigint) from public;
