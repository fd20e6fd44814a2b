-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._descriptions_after_merges(p_media_item_id bigint, p_tenant_id bigint)
returns table (client_id bigint, client_item_id text, description pymap.description)
language sql
stable
as $function$
    select d.client_id, d.client_item_id,
           case
               when g.keep_id is null then d.description
               else ((d.description).title, (d.description).title_key, (d.description).title_is_unique,
                     (d.description).release_year, (d.description).external_ids, g.keep_id, (d.description).parent_number,
                     (d.description).number, (d.description).path_key)::pymap.description
           end
    from pymap._descriptions(p_media_item_id, p_tenant_id) as d
    left join pg_temp.pymap_merges as g on g.duplicate_id = (d.description).parent_id
$function$;

comment on function pymap._descriptions_after_merges(bigint, bigint) is
'Private. All descriptions of a media item as _descriptions gives them, with the parents that pg_temp.pymap_merges '
'leaves.';

revoke all on function pymap._descriptions_after_merges(bigint, bigint) from public;
