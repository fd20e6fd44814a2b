create or replace function pymap._pairs_by_title(p_media_type text, p_tenant_id bigint)
returns table (media_item_id bigint, duplicate_id bigint, evidence text)
language plpgsql
stable
as $function$
begin
    return query
    select p.media_item_id, p.duplicate_id, 'title'
    from (
        select array_agg(i.id) as media_item_ids
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id
          and (p_media_type is null or i.type = p_media_type)
          and i.title is not null
          and i.merged_into is null
          -- As a sync matches: an artist has no year; below a parent the parent takes its place, and numbers decide.
          and case
              when cardinality(pymap._parent_types(i.type)) > 0 then i.parent_id is not null and i.number is null
              else i.release_year is not null or i.type = 'artist'
          end
        group by i.type, i.parent_id, pymap._title_key(i.title),
                 case when i.parent_id is null and i.type <> 'artist' then i.release_year end
        having count(*) between 2 and 20
    ) as s
    cross join lateral pymap._pairs(s.media_item_ids) as p
    union all
    select p.media_item_id, p.duplicate_id, 'title'
    from (
        select array_agg(i.id) as media_item_ids, array_agg(i.id) filter (where i.parent_id is null) as orphan_ids
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id
          and (p_media_type is null or i.type = p_media_type)
          and i.type = 'album'
          and i.title is not null
          and i.release_year is not null
          and i.merged_into is null
        group by pymap._title_key(i.title), i.release_year
        having count(*) between 2 and 20
    ) as s
    cross join lateral pymap._pairs(s.media_item_ids) as p
    where p.media_item_id = any (s.orphan_ids) or p.duplicate_id = any (s.orphan_ids);
end
$function$;

comment on function pymap._pairs_by_title(text, bigint) is
'Private. Pairs of media items of one type with the same folded title and year, the older one first; below a parent with '
'the same parent as well, but for an album whose artist is not known.';

revoke all on function pymap._pairs_by_title(text, bigint) from public;
grant execute on function pymap._pairs_by_title(text, bigint) to pymap_reader;
