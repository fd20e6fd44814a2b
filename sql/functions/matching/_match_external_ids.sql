create or replace function pymap._match_external_ids(p_media_type text, p_external_ids jsonb, p_tenant_id bigint)
returns bigint
language plpgsql
stable
as $function$
begin
    return (
        with candidates as (
            select i.id, i.external_ids, s.shared
            from (
                select x.media_item_id, count(*) as shared
                from jsonb_to_recordset(p_external_ids) as e (source text, id text)
                join pymap.external_ids as x
                    on x.tenant_id = p_tenant_id
                    and x.source = e.source
                    and x.external_id = e.id
                    and x.media_type = p_media_type
                group by x.media_item_id
            ) as s
            join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = s.media_item_id
            where not pymap._external_ids_contradict(i.external_ids, p_external_ids)
        )
        select c.id
        from candidates as c
        where c.shared = (select max(o.shared) from candidates as o)
          and not exists (
              select
              from candidates as o
              where o.shared = c.shared and pymap._external_ids_contradict(o.external_ids, c.external_ids)
          )
        order by c.id
        limit 1
    );
end
$function$;

comment on function pymap._match_external_ids(text, jsonb, bigint) is
'Private. The media item that shares most of these external IDs, contradicts none of them and has no rival: an equally '
'good one that contradicts it. The oldest of those that agree; NULL where there is none.';

revoke all on function pymap._match_external_ids(text, jsonb, bigint) from public;
