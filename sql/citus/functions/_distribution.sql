create or replace function pymap_citus._distribution()
returns setof text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- Citus takes no policies with a subquery: the function is called for every row then.
    return query
    select format('alter policy %I on %s using %s', o.polname, o.polrelid::regclass, r.plain)
    from pg_policy as o
    join pymap_citus._tables() as t on t.id = o.polrelid
    cross join lateral (values (pg_get_expr(o.polqual, o.polrelid))) as u (written)
    cross join lateral (
        values (regexp_replace(u.written, '\( *SELECT ([a-z_.]+\(\)) AS [a-z_]+\)', '\1', 'g'))
    ) as r (plain)
    where r.plain <> u.written;
    return query
    select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname)
    from pg_constraint as k
    join pymap_citus._tables() as t on t.id = k.conrelid
    where k.contype = 'f';
    return query
    select format('drop index %s', i.indexrelid::regclass)
    from pg_index as i
    join pymap_citus._tables() as t on t.id = i.indrelid and t.has_tenant
    join pg_attribute as a on a.attrelid = i.indrelid and a.attname = 'tenant_id'
    where i.indisunique and a.attnum <> all (i.indkey::smallint[]);
    return query
    select format('select create_reference_table(%L)', t.id::text)
    from pymap_citus._tables() as t
    where not t.has_tenant and not exists (select from pg_dist_partition as d where d.logicalrelid = t.id);
    return query
    select format(
        'select create_distributed_table(%L, ''tenant_id'', colocate_with => %L)', t.id::text,
        case t.name when 'media_items' then 'none' else 'pymap.media_items' end
    )
    from pymap_citus._tables() as t
    where t.has_tenant and not exists (select from pg_dist_partition as d where d.logicalrelid = t.id);
    return query
    select 'create trigger media_items_require_cell before insert or update or delete or truncate on pymap.media_items '
           'for each statement execute function pymap_citus._require_cell()'
    where not exists (
        select
        from pg_trigger as t
        where t.tgrelid = 'pymap.media_items'::regclass and t.tgname = 'media_items_require_cell'
    );
end
$function$;

comment on function pymap_citus._distribution() is
'Private. The statements that distribute the tables and drop what distributed tables cannot have; none once that is done.';

revoke all on function pymap_citus._distribution() from public;
