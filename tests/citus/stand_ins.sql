-- What pymap asks of Citus, on one plain server that is coordinator and only node at once. Tables are distributed in one
-- shard each, whose number is the same for all: media_items_102008. The real catalogs and functions are those of Citus 13.
set allow_system_table_mods = on;

create table pg_catalog.pg_dist_local_group (groupid integer);
insert into pg_catalog.pg_dist_local_group values (0);
create table pg_catalog.pg_dist_node (
    nodename text, nodeport integer, groupid integer, isactive boolean, noderole text, shouldhaveshards boolean
);
insert into pg_catalog.pg_dist_node values ('here', 5432, 0, true, 'primary', true);
create table pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char");
create table pg_catalog.pg_dist_shard (logicalrelid regclass, shardid bigint, shardminvalue text);
create table pg_catalog.pg_dist_placement (shardid bigint, shardstate integer, groupid integer);
insert into pg_catalog.pg_dist_placement values (102008, 1, 0);
-- Functions that Citus would have brought to all nodes, with how.
create table pg_catalog.pg_dist_object (function text, distribution_arg text, colocate_with text, force_delegation boolean);

grant select on pg_catalog.pg_dist_local_group, pg_catalog.pg_dist_node, pg_catalog.pg_dist_partition,
    pg_catalog.pg_dist_shard, pg_catalog.pg_dist_placement, pg_catalog.pg_dist_object to public;

create function pg_catalog.get_shard_id_for_distribution_column(table_name regclass, distribution_value bigint)
returns bigint language plpgsql stable as $$ begin return 102008; end $$;

create function pg_catalog.master_run_on_worker(
    worker_name text[], port integer[], command text[], parallel boolean,
    out node_name text, out node_port integer, out success boolean, out result text
) returns setof record language plpgsql as $$
begin
    node_name := worker_name[1];
    node_port := port[1];
    begin
        success := true;
        if command[1] ~* '^\s*select' then
            execute command[1] into result;
        else
            execute command[1];
            result := 'DO';
        end if;
    exception when others then
        success := false;
        result := 'ERROR:  ' || sqlerrm;
    end;
    return next;
end
$$;

-- The table becomes a shard, which has no identity; in its place comes an empty table with that, the keys and the policies.
create function pg_catalog.stand_in_shard(p_table text, p_method "char") returns void language plpgsql as $$
declare
    v_shard constant text := split_part(p_table, '.', 2) || '_102008';
    v_policy record;
    v_identity record;
begin
    if exists (select from pg_trigger where tgrelid = p_table::regclass and not tgisinternal) then
        raise exception 'triggers on %', p_table;
    elsif exists (
        select from pg_index
        where indrelid = p_table::regclass and indisunique and p_method = 'h'
          and (select attnum from pg_attribute where attrelid = indrelid and attname = 'tenant_id') <> all (indkey::smallint[])
    ) then
        raise exception 'a unique index of % does not have the distribution column', p_table;
    elsif exists (select from pg_policy where polrelid = p_table::regclass and pg_get_expr(polqual, polrelid) ~ 'SELECT') then
        raise exception 'subqueries are not supported in policies on distributed tables';
    elsif exists (select from pg_constraint where conrelid = p_table::regclass and contype = 'f') then
        raise exception 'foreign keys of %', p_table;
    end if;
    execute format('alter table %s rename to %I', p_table, v_shard);
    execute format('create table %s (like pymap.%I including identity including indexes)', p_table, v_shard);
    execute format('alter table %s owner to %s', p_table,
                   (select relowner::regrole from pg_class where oid = format('pymap.%I', v_shard)::regclass));
    for v_policy in
        select polname, pg_get_expr(polqual, polrelid) as qual
        from pg_policy
        where polrelid = format('pymap.%I', v_shard)::regclass
    loop
        execute format('alter table %s enable row level security', p_table);
        execute format('create policy %I on %s using %s', v_policy.polname, p_table, v_policy.qual);
    end loop;
    for v_identity in
        select attname from pg_attribute where attrelid = format('pymap.%I', v_shard)::regclass and attidentity <> ''
    loop
        execute format(
            'select setval(pg_get_serial_sequence(%L, %L), nextval(pg_get_serial_sequence(%L, %L)))',
            p_table, v_identity.attname, format('pymap.%I', v_shard), v_identity.attname
        );
        execute format('alter table pymap.%I alter column %I drop identity', v_shard, v_identity.attname);
    end loop;
    insert into pg_catalog.pg_dist_partition values (p_table::regclass, p_method);
    insert into pg_catalog.pg_dist_shard values (p_table::regclass, 102008, case p_method when 'h' then '-2147483648' end);
end
$$;

create function pg_catalog.create_reference_table(table_name text) returns void language plpgsql as $$
begin
    perform stand_in_shard(table_name, 'n');
end
$$;

create function pg_catalog.create_distributed_table(table_name text, distribution_column text, colocate_with text)
returns void language plpgsql as $$
begin
    if colocate_with <> 'none' and not exists (
        select from pg_dist_partition where logicalrelid = colocate_with::regclass and partmethod = 'h'
    ) then
        raise exception 'relation % is not distributed', colocate_with;
    end if;
    perform stand_in_shard(table_name, 'h');
end
$$;

create function pg_catalog.create_distributed_function(
    function_name text, distribution_arg_name text default null, colocate_with text default 'default',
    force_delegation boolean default null
) returns void language plpgsql as $$
begin
    delete from pg_dist_object where function = function_name::regprocedure::text;
    insert into pg_dist_object values (function_name::regprocedure::text, distribution_arg_name, colocate_with, force_delegation);
end
$$;

reset allow_system_table_mods;
