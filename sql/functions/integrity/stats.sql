create or replace function pymap.stats(p_tenant_id bigint default 0)
returns table (statistic text, client_id bigint, client_type text, media_type text, count bigint)
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._require_tenant(p_tenant_id);
    return query
    select 'media_items', null::bigint, null::text, i.type, count(*)
    from pymap.media_items as i
    where i.tenant_id = p_tenant_id and i.merged_into is null
    group by i.type
    union all
    select 'redirects', null, null, i.type, count(*)
    from pymap.media_items as i
    where i.tenant_id = p_tenant_id and i.merged_into is not null
    group by i.type
    union all
    select 'mappings', c.client_id, c.client_type, m.media_type, count(m.client_id)
    from pymap.clients as c
    left join pymap.client_items as m on m.tenant_id = c.tenant_id and m.client_id = c.client_id
    where c.tenant_id = p_tenant_id
    group by c.client_id, c.client_type, m.media_type
    union all
    select 'external_ids', null, null, x.media_type, count(*)
    from pymap.external_ids as x
    where x.tenant_id = p_tenant_id
    group by x.media_type
    union all
    select 'review_candidates', null, null, null, count(*) from pymap.get_review_candidates(null, p_tenant_id)
    union all
    select 'distinct_pairs', null, null, null, count(*)
    from pymap.distinct_pairs as p
    where p.tenant_id = p_tenant_id
    union all
    select 'events', null, null, null, count(*) from pymap.mapping_events as e where e.tenant_id = p_tenant_id
    order by 1, 2, 4;
end
$function$;

comment on function pymap.stats(bigint) is
$comment$Counts of everything that is stored.
Parameters: p_tenant_id.
Returns rows statistic, client_id, client_type, media_type, count: 'media_items' and 'redirects' (merged ones) by
media type; 'mappings' by client and media type, one row with 0 for a client that has none; 'external_ids' by media
type; 'review_candidates', 'distinct_pairs', 'events'. A column by which a statistic is not divided is NULL.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.stats(bigint) from public;
grant execute on function pymap.stats(bigint) to pymap_reader;
