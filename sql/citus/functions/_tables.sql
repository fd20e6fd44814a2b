create or replace function pymap_citus._tables()
returns table (id regclass, name text, has_tenant boolean)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select c.oid::regclass, c.relname::text,
           exists (select from pg_attribute as a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    from pg_class as c
    where c.relnamespace = 'pymap'::regnamespace
      and c.relkind in ('r', 'p')
      -- A node has its shards in the same schema.
      and c.relname !~ '_[0-9]+$'
    order by c.relname <> 'media_items', c.relname;
end
$function$;

comment on function pymap_citus._tables() is
'Private. The tables of pymap, media_items first. has_tenant: distributed by tenant_id; the others are reference tables.';

revoke all on function pymap_citus._tables() from public;
