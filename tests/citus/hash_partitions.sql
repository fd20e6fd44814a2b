-- Every table with a tenant becomes one of four hash partitions, without the unique key that does not have the tenant.
do $$
declare
    v_table text;
    v_grant record;
begin
    drop index pymap.media_items_id_key;
    for v_table in
        select c.relname
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = 'pymap'::regnamespace and c.relkind = 'r'
    loop
        execute format('alter table pymap.%I rename to plain', v_table);
        execute format('create table pymap.%I (like pymap.plain including all) partition by hash (tenant_id)', v_table);
        for v_part in 0 .. 3 loop
            execute format(
                'create table pymap.%I partition of pymap.%I for values with (modulus 4, remainder %s)',
                v_table || '_' || v_part, v_table, v_part
            );
            execute format('alter table pymap.%I enable row level security', v_table || '_' || v_part);
        end loop;
        for v_grant in
            select a.privilege_type as right, a.grantee::regrole as role
            from pg_class as c, aclexplode(c.relacl) as a
            where c.oid = 'pymap.plain'::regclass and a.grantee <> c.relowner
        loop
            execute format('grant %s on pymap.%I to %s', v_grant.right, v_table, v_grant.role);
        end loop;
        drop table pymap.plain;
    end loop;
end
$$;
