create or replace function pymap._suspicions(p_tenant_id bigint)
returns table (kind text, media_item_id bigint, detail text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select 'shared_external_id', min(x.media_item_id),
           format(
               '%s %s is on %s media items: %s', x.source, x.external_id, count(distinct x.media_item_id),
               array_to_string((array_agg(distinct x.media_item_id))[1:20], ', ')
           )
    from pymap.external_ids as x
    where x.tenant_id = p_tenant_id
    group by x.source, x.external_id, x.media_type
    having count(distinct x.media_item_id) > 1
    union all
    select 'contradicting_external_ids', i.id, format('%s: %s', x.source, string_agg(x.id, ', ' order by x.id))
    from pymap.media_items as i, jsonb_to_recordset(i.external_ids) as x (source text, id text)
    where i.tenant_id = p_tenant_id
    group by i.id, x.source
    having count(*) > 1
    union all
    select 'no_client', i.id, coalesce(quote_literal(i.title), 'no title')
    from pymap.media_items as i
    where i.tenant_id = p_tenant_id
      and i.sync_clients = '[]'
      and i.merged_into is null
      and not exists (
          select from pymap.media_items as c where c.tenant_id = p_tenant_id and c.parent_id = i.id
      );
end
$function$;

comment on function pymap._suspicions(bigint) is
'Private. Data that is not damaged but may be a mistake of its writer.';

revoke all on function pymap._suspicions(bigint) from public;
grant execute on function pymap._suspicions(bigint) to pymap_reader;
