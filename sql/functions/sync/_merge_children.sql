create or replace function pymap._merge_children(p_level integer, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    if not exists (select from pg_temp.pymap_merges) then
        return;
    end if;
    truncate pg_temp.pymap_hits, pg_temp.pymap_links, pg_temp.pymap_nodes, pg_temp.pymap_candidates;

    -- The same place below two parents that have turned out to be one; where there are no numbers, the same title.
    insert into pg_temp.pymap_links (key, n)
    select a.place, -a.media_item_id
    from (
        select c.*,
               count(*) over (partition by c.place, c.old_parent_id) as siblings,
               count(*) over (partition by c.place) as items
        from (
            select distinct p.id as old_parent_id, coalesce(g.keep_id, i.id) as media_item_id,
                   dense_rank() over (
                       order by p.keep_id, i.type, i.parent_number, i.number,
                                case when i.number is null then pymap._title_key(i.title) end,
                                case when i.number is null then i.release_year end
                   ) as place
            from (
                select m.duplicate_id as id, m.keep_id from pg_temp.pymap_merges as m
                union
                select m.keep_id, m.keep_id from pg_temp.pymap_merges as m
            ) as p
            cross join lateral (
                select o.*
                from pymap.media_items as o
                where o.tenant_id = p_tenant_id and o.parent_id = p.id
                offset 0
            ) as i
            left join pg_temp.pymap_merges as g on g.duplicate_id = i.id
            where pymap._level(i.type) = p_level and (i.number is not null or i.title is not null)
        ) as c
    ) as a
    where a.siblings = 1 and a.items > 1;

    insert into pg_temp.pymap_hits (n, media_item_id) select 0, -l.n from pg_temp.pymap_links as l;
    perform pymap._stage_items(p_tenant_id);
    perform pymap._unite_nodes('numbers');
end
$function$;

comment on function pymap._merge_children(integer, bigint) is
'Private. Unites media items of a level that stand at the same place below parents which this sync has united.';

revoke all on function pymap._merge_children(integer, bigint) from public;
