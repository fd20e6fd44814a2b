create or replace function pymap_citus._obstacles()
returns table (problem text, hint text)
language plpgsql
-- Volatile: nodes are asked.
set search_path = pg_catalog, pg_temp
as $function$
begin
    if to_regclass('pymap.media_items') is null then
        return query values ('pymap is not installed in this database', 'Run: pymap migrate');
        return;
    elsif to_regclass('pg_catalog.pg_dist_node') is null then
        return query values (
            'this database has no Citus',
            'Create the extension citus in it on every node, and add the nodes: see docs/scale.md.'
        );
        return;
    elsif (select g.groupid from pg_dist_local_group as g) <> 0 then
        return query values ('this node is not the coordinator', 'Connect to the coordinator.');
        return;
    end if;

    return query
    select 'no node takes shards', 'select citus_add_node(…)'
    where not exists (
        select from pg_dist_node as n where n.isactive and n.noderole = 'primary' and n.shouldhaveshards
    );
    return query
    select format('citus.propagate_set_commands is %s', coalesce(current_setting('citus.propagate_set_commands', true), 'not set')),
           format(
               'Nodes would not get pymap.tenant_id and pymap.actor. On the coordinator: '
               'alter database %I set citus.propagate_set_commands = local; then connect anew.',
               current_database()
           )
    where current_setting('citus.propagate_set_commands', true) is distinct from 'local';
    return query
    select format('citus.shard_replication_factor is %s', current_setting('citus.shard_replication_factor', true)),
           'Calls go to nodes only if each shard has one placement: set it to 1.'
    where current_setting('citus.shard_replication_factor', true) <> '1';
    return query
    select format('citus.enable_unsafe_triggers is %s on %s', s.setting, s.place),
           'Writes to a shard without its cell have to be refused by a trigger: alter system set citus.enable_unsafe_triggers = on; '
           'select pg_reload_conf(); on every node.'
    from (
        select 'the coordinator' as place,
               coalesce(current_setting('citus.enable_unsafe_triggers', true), 'not set') as setting
        union
        select format('node %s:%s', n.nodename, n.nodeport),
               pymap_citus._run_on_node(
                   n.nodename::text, n.nodeport,
                   'select coalesce(current_setting(''citus.enable_unsafe_triggers'', true), ''not set'')'
               )
        from pg_dist_node as n
        where n.isactive and n.noderole = 'primary'
    ) as s
    where s.setting <> 'on';
    return query
    select format('%s is not the owner of pymap, %s is', current_user, r.rolname), format('Connect as %s.', r.rolname)
    from pg_class as c
    join pg_roles as r on r.oid = c.relowner
    where c.oid = 'pymap.media_items'::regclass and r.rolname <> current_user;
    return query
    select format('role %s may not log in', r.rolname),
           format('The nodes talk to each other as the role that calls: alter role %I login.', r.rolname)
    from pg_roles as r
    where r.rolname = current_user and not r.rolcanlogin;
    return query
    select format('foreign key %s of %s references %s', k.conname, k.conrelid::regclass, k.confrelid::regclass),
           'Drop it: Citus has no foreign keys on the ID alone, and a table of yours that is not distributed cannot have one.'
    from pg_constraint as k
    join pymap_citus._tables() as t on t.id = k.confrelid
    where k.contype = 'f' and not exists (select from pymap_citus._tables() as o where o.id = k.conrelid);
    return query
    select format('trigger %s on %s is not pymap''s', t.tgname, t.tgrelid::regclass),
           'Drop it: the cells copy pymap''s own triggers only.'
    from pg_trigger as t
    join pymap_citus._tables() as o on o.id = t.tgrelid
    join pg_proc as f on f.oid = t.tgfoid
    where not t.tgisinternal and f.pronamespace not in ('pymap'::regnamespace, 'pymap_citus'::regnamespace);
end
$function$;

comment on function pymap_citus._obstacles() is
'Private. Reasons why this database cannot be converted for Citus, and what to do about each.';

revoke all on function pymap_citus._obstacles() from public;
