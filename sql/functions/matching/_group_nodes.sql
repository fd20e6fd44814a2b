create or replace function pymap._group_nodes()
returns void
language plpgsql
as $function$
begin
    insert into pg_temp.pymap_nodes (n, label)
    select distinct l.n, l.n from pg_temp.pymap_links as l;

    -- The smallest label spreads along the links until every group has one.
    loop
        update pg_temp.pymap_nodes as o
        set label = s.label
        from (
            select l.n, min(k.label) as label
            from pg_temp.pymap_links as l
            join (
                select m.key, min(n.label) as label
                from pg_temp.pymap_links as m
                join pg_temp.pymap_nodes as n on n.n = m.n
                group by m.key
            ) as k on k.key = l.key
            group by l.n
        ) as s
        where o.n = s.n and s.label < o.label;
        exit when not found;

        -- A label is a node, whose own label is smaller still: a chain of n links takes log n rounds.
        loop
            update pg_temp.pymap_nodes as o
            set label = n.label
            from pg_temp.pymap_nodes as n
            where n.n = o.label and n.label < o.label;
            exit when not found;
        end loop;
    end loop;

    -- From here on the group itself is the key that its nodes share.
    delete from pg_temp.pymap_links;
    insert into pg_temp.pymap_links (key, n)
    select n.label, n.n from pg_temp.pymap_nodes as n;
end
$function$;

comment on function pymap._group_nodes() is
'Private. Fills pg_temp.pymap_nodes from pg_temp.pymap_links: nodes that are linked, however indirectly, have one label; then makes the labels the keys of pymap_links.';

revoke all on function pymap._group_nodes() from public;
