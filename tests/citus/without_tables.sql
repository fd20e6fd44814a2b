-- What asks for a table instead of its shard finds nothing: of the tables only those that have a sequence stay, and of their
-- columns only the key.
do $$
declare
    v_table record;
    v_column name;
begin
    for v_table in
        select c.oid::regclass as name, exists (select from pg_attribute where attrelid = c.oid and attidentity <> '') as stays
        from pg_class as c
        where c.relnamespace = 'pymap'::regnamespace and c.relkind = 'r' and c.relname !~ '_[0-9]+$'
    loop
        if not v_table.stays then
            execute format('drop table %s', v_table.name);
            continue;
        end if;
        for v_column in
            select attname from pg_attribute
            where attrelid = v_table.name and attnum > 0 and attname not in ('tenant_id', 'id') and not attisdropped
        loop
            execute format('alter table %s drop column %I cascade', v_table.name, v_column);
        end loop;
        execute format('alter table %s alter column tenant_id set default 0', v_table.name);
    end loop;
end
$$;
