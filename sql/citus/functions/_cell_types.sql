create or replace function pymap_citus._cell_types()
returns table (name text, definition text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select t.typname::text,
           case t.typtype
               when 'e' then format(
                   'create type pymap.%I as enum (%s)', t.typname,
                   (
                       select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
                       from pg_enum as e
                       where e.enumtypid = t.oid
                   )
               )
               else format(
                   'create type pymap.%I as (%s)', t.typname,
                   (
                       select string_agg(
                           format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum
                       )
                       from pg_attribute as a
                       where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
                   )
               )
           end
    from pg_type as t
    left join pg_class as c on c.oid = t.typrelid
    where t.typnamespace = 'pymap'::regnamespace and (t.typtype = 'e' or c.relkind = 'c')
    -- No composite type of pymap has another one of its own in it.
    order by t.typtype desc, t.typname;
end
$function$;

comment on function pymap_citus._cell_types() is 'Private. The statements that make pymap''s own types.';

revoke all on function pymap_citus._cell_types() from public;
