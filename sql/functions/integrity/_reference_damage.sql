create or replace function pymap._reference_damage(p_tenant_id bigint)
returns table (kind text, media_item_id bigint, detail text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    with recursive ancestors as (
        select i.id, i.parent_id
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id and i.parent_id is not null
        union
        select a.id, i.parent_id
        from ancestors as a
        join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = a.parent_id
        where i.parent_id is not null and a.parent_id <> a.id
    )
    select 'parent_cycle', a.id, 'it is a part of itself' from ancestors as a where a.parent_id = a.id
    union all
    select 'orphaned_child', i.id,
           case
               when p.id is null then format('parent %s does not exist', i.parent_id)
               else format('parent %s was merged into %s', p.id, p.merged_into)
           end
    from pymap.media_items as i
    left join pymap.media_items as p on p.tenant_id = p_tenant_id and p.id = i.parent_id
    where i.tenant_id = p_tenant_id and i.parent_id is not null and (p.id is null or p.merged_into is not null)
    union all
    select case when t.id is null then 'dangling_redirect' else 'redirect_chain' end, i.id,
           case
               when t.id is null then format('merged into %s, which does not exist', i.merged_into)
               else format('merged into %s, which was merged into %s', t.id, t.merged_into)
           end
    from pymap.media_items as i
    left join pymap.media_items as t on t.tenant_id = p_tenant_id and t.id = i.merged_into
    where i.tenant_id = p_tenant_id and i.merged_into is not null and (t.id is null or t.merged_into is not null);
end
$function$;

comment on function pymap._reference_damage(bigint) is
'Private. Parents and redirects that lead nowhere.';

revoke all on function pymap._reference_damage(bigint) from public;
grant execute on function pymap._reference_damage(bigint) to pymap_reader;
