create or replace function pymap._match_by_title(p_level integer, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    truncate pg_temp.pymap_hits, pg_temp.pymap_candidates;

    insert into pg_temp.pymap_candidates (n, media_item_id)
    with open_entries as materialized (
        select -e.media_item_id as n, e.media_type, e.release_year, e.parent_id, e.parent_number, e.number,
               pymap._title_key(e.title) as title_key,
               cardinality(pymap._parent_types(e.media_type)) > 0 as is_child
        from pg_temp.pymap_entries as e
        where e.action is null and e.title is not null and pymap._level(e.media_type) = p_level
    )
    select distinct f.n, coalesce(g.keep_id, f.id)
    from (
        -- Without a year two films of one name cannot be told apart; an artist has none. An album is like a film where
        -- one of two servers does not name the artist.
        select o.n, i.id
        from open_entries as o
        cross join lateral (
            select c.id
            from pymap.media_items as c
            where c.tenant_id = p_tenant_id
              and c.type = o.media_type
              and pymap._title_key(c.title) = o.title_key
              and (c.release_year = o.release_year or c.type = 'artist')
              and (o.parent_id is null or c.parent_id is null)
              and c.title is not null
              and c.merged_into is null
            limit 21
        ) as i
        where not o.is_child or o.media_type = 'album'
        union all
        select o.n, i.id
        from open_entries as o
        cross join lateral (
            select o.parent_id as id
            union all
            select m.duplicate_id from pg_temp.pymap_merges as m where m.keep_id = o.parent_id
        ) as p
        cross join lateral (
            select c.id
            from pymap.media_items as c
            where c.tenant_id = p_tenant_id
              and c.parent_id = p.id
              and c.type = o.media_type
              and pymap._title_key(c.title) = o.title_key
              and coalesce(c.release_year = o.release_year, true)
              and coalesce(c.parent_number = o.parent_number, true)
              and coalesce(c.number = o.number, true)
            limit 21
        ) as i
        where o.is_child
    ) as f
    left join pg_temp.pymap_merges as g on g.duplicate_id = f.id;

    perform pymap._match_candidates('title', p_tenant_id);
end
$function$;

comment on function pymap._match_by_title(integer, bigint) is
'Private. Gives undecided entries of a level the one media item with the same folded title and year; below a parent, the '
'one with the same parent and title; an album both ways.';

revoke all on function pymap._match_by_title(integer, bigint) from public;
