-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._staged_descriptions(p_media_item_id bigint, p_tenant_id bigint)
returns table (descriptions pymap.description[])
language sql
stable
as $function$
    select array_agg(d.description)
    from (
        select p_media_item_id as id
        union all
        select m.duplicate_id from pg_temp.pymap_merges as m where m.keep_id = p_media_item_id
    ) as i
    cross join lateral pymap._descriptions_after_merges(i.id, p_tenant_id) as d
$function$;

comment on function pymap._staged_descriptions(bigint, bigint) is
'Private. All descriptions of a media item, and of those that pg_temp.pymap_merges unites with it, in one row.';

revoke all on function pymap._staged_descriptions(bigint, bigint) from public;
