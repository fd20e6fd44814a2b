create or replace function pymap.search_media_items(
    p_title text,
    p_media_type text default null,
    p_limit bigint default 20,
    p_tenant_id bigint default 0
)
returns table (
    media_item_id bigint,
    media_type text,
    title text,
    release_year integer,
    parent_id bigint,
    parent_title text,
    found_title text,
    agreement text
)
language plpgsql
stable
parallel safe
-- A plan that was cached while the tables were small must not scan them when they are large.
set enable_seqscan = off
set jit = off
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_key constant text := pymap._title_key(pymap._plain_title(p_title));
    -- The highest character that there is: every key that begins with v_key is below.
    v_end constant text := v_key || U&'\+10FFFF';
    v_types constant text[] := array(select t.name from pymap.media_types as t where p_media_type is null or t.name = p_media_type);
    v_found bigint[];
begin
    perform pymap._require_tenant(p_tenant_id);
    if v_key is null then
        perform pymap._invalid_argument('p_title', p_title, 'Give a title or a part of one.');
    end if;
    if p_media_type is not null then
        perform pymap._check_media_type('p_media_type', p_media_type);
    end if;
    if p_limit < 1 then
        perform pymap._invalid_argument('p_limit', p_limit::text, 'Give a number of media items from 1 up, or NULL for all.');
    end if;

    -- Ranges of the two title indexes: what stands on its own, and what its clients call it.
    v_found := array(
        select b.id
        from (
            select i.id, i.title_key
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id
              and i.type = any (v_types)
              and i.title_key >= v_key and i.title_key < v_end
              and i.number is null and i.merged_into is null
            union all
            select c.media_item_id, c.title_key
            from pymap.client_items as c
            where c.tenant_id = p_tenant_id
              and c.media_type = any (v_types)
              and c.title_key >= v_key and c.title_key < v_end
              and c.number is null
        ) as b
        group by b.id
        order by min(length(b.title_key)), min(b.title_key), b.id
        limit p_limit
    );
    -- No index helps to find what stands in the middle of a title.
    if p_limit is null or cardinality(v_found) < p_limit then
        v_found := v_found || array(
            select i.id
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id
              and i.type = any (v_types)
              and strpos(i.title_key, v_key) > 0
              and i.merged_into is null
              and i.id <> all (v_found)
            order by not starts_with(i.title_key, v_key), length(i.title_key), i.title_key, i.id
            limit p_limit - cardinality(v_found)
        );
    end if;

    return query
    select i.id, i.type, i.title, i.release_year, i.parent_id, p.title, t.title,
           case when t.title_key = v_key then 'equal' when starts_with(t.title_key, v_key) then 'begins' else 'contains' end
    from unnest(v_found) with ordinality as f (id, position)
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = f.id
    left join pymap.media_items as p on p.tenant_id = p_tenant_id and p.id = i.parent_id
    cross join lateral (
        select o.title, o.title_key
        from (
            select i.title, i.title_key, 1 as turn
            union all
            select c.title, c.title_key, 2
            from pymap.client_items as c
            where c.tenant_id = p_tenant_id and c.media_item_id = i.id
        ) as o
        where strpos(o.title_key, v_key) > 0
        order by not starts_with(o.title_key, v_key), length(o.title_key), o.turn, o.title
        limit 1
    ) as t
    order by f.position;
end
$function$;

comment on function pymap.search_media_items(text, text, bigint, bigint) is
$comment$Finds media items by title. Titles are folded as in a sync: without case, accents, punctuation and spaces,
without a year in brackets and without IDs. First come media items without a parent, if their title, or a title that a
client reported, equals the given one or begins with it. If these are fewer than p_limit, all media items whose own
title contains it follow.
Parameters: p_title, a title or a part of one; p_media_type, NULL for all; p_limit, the most media items to return,
NULL for all; p_tenant_id.
Returns rows media_item_id, media_type, title, release_year; parent_id and parent_title, what it is part of;
found_title, the title that was found, which may be one that a client reported; agreement, 'equal', 'begins' or
'contains', the best first, then the shortest title.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.search_media_items(text, text, bigint, bigint) from public;
grant execute on function pymap.search_media_items(text, text, bigint, bigint) to pymap_reader;
