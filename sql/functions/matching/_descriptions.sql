-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._descriptions(p_media_item_id bigint, p_tenant_id bigint)
returns table (client_id bigint, client_item_id text, description pymap.description)
language sql
stable
parallel safe
as $function$
    select c.client_id, c.client_item_id,
           (c.title, c.title_key, c.title_is_unique, c.release_year, c.external_ids, c.parent_id, c.parent_number, c.number,
            c.path_key)::pymap.description
    from pymap.client_items as c
    where c.tenant_id = p_tenant_id and c.media_item_id = p_media_item_id and c.told_hash is not null
    union all
    -- The item's own columns are what clients told, unless none has. Its external IDs may also be an application's.
    select null, null,
           case
               when t.is_told then (null, null, null, null, x.ids, null, null, null, null)::pymap.description
               else (i.title, i.title_key, false, i.release_year, x.ids, i.parent_id, i.parent_number, i.number, null)::pymap.description
           end
    from pymap.media_items as i
    cross join lateral (
        select coalesce(jsonb_object_agg(s.source, s.ids), '{}') as ids
        from (
            select e.source, jsonb_agg(e.id order by e.id collate "C") as ids
            from jsonb_to_recordset(i.external_ids) as e (source text, id text)
            group by e.source
        ) as s
    ) as x
    cross join lateral (
        select exists (
            select
            from pymap.client_items as c
            where c.tenant_id = p_tenant_id and c.media_item_id = p_media_item_id and c.told_hash is not null
        ) as is_told
        -- Else it would be asked for every time that it is named.
        offset 0
    ) as t
    where i.tenant_id = p_tenant_id and i.id = p_media_item_id and (not t.is_told or i.external_ids <> '[]')
$function$;

comment on function pymap._descriptions(bigint, bigint) is
'Private. All descriptions of a media item: one row for each client item that has been reported, and one, without a '
'client, for the media item''s own columns.';

revoke all on function pymap._descriptions(bigint, bigint) from public;
grant execute on function pymap._descriptions(bigint, bigint) to pymap_reader;
