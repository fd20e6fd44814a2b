-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._staged_descriptions(p_media_item_id bigint, p_tenant_id bigint)
returns table (descriptions pymap.description[])
language sql
stable
as $function$
    select array_agg(
        case
            when g.keep_id is null then d.description
            else ((d.description).title, (d.description).title_key, (d.description).title_is_unique,
                  (d.description).release_year, (d.description).external_ids, g.keep_id, (d.description).parent_number,
                  (d.description).number, (d.description).path_key)::pymap.description
        end
    )
    from (
        select p_media_item_id as id
        union all
        select m.duplicate_id from pg_temp.pymap_merges as m where m.keep_id = p_media_item_id
    ) as i
    cross join lateral pymap._descriptions(i.id, p_tenant_id) as d
    left join pg_temp.pymap_merges as g on g.duplicate_id = (d.description).parent_id
$function$;

comment on function pymap._staged_descriptions(bigint, bigint) is
'Private. All descriptions of a media item, and of those that pg_temp.pymap_merges unites with it, in one row.';

revoke all on function pymap._staged_descriptions(bigint, bigint) from public;
