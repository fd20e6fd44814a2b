create or replace function pymap.history(
    p_media_item_id bigint,
    p_limit bigint default 100,
    p_tenant_id bigint default 0
)
returns table (
    event_id bigint,
    happened_at timestamptz,
    actor text,
    kind text,
    client_id bigint,
    client_item_id text,
    media_type text,
    media_item_before bigint,
    media_item_after bigint,
    evidence text,
    weight integer,
    comparisons jsonb,
    undoes bigint,
    undone_by bigint
)
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_ids bigint[];
begin
    perform pymap._require_tenant(p_tenant_id);
    if p_limit is null or p_limit < 1 then
        perform pymap._invalid_argument('p_limit', p_limit::text, 'Give a number of events from 1 up.');
    end if;
    -- Also after it was deleted: history does not go.
    v_ids := array(
        select i.id from pymap.media_items as i where i.tenant_id = p_tenant_id and i.merged_into = p_media_item_id
    ) || p_media_item_id;

    return query
    select e.id, e.happened_at, e.actor, e.kind, e.client_id, e.client_item_id, e.media_type, e.media_item_before,
           e.media_item_after, e.evidence, e.weight, e.comparisons, e.undoes,
           (select u.id from pymap.mapping_events as u where u.tenant_id = p_tenant_id and u.undoes = e.id)
    from (
        select o.id
        from pymap.mapping_events as o
        where o.tenant_id = p_tenant_id and o.media_item_before = any (v_ids)
        union
        select o.id
        from pymap.mapping_events as o
        where o.tenant_id = p_tenant_id and o.media_item_after = any (v_ids)
    ) as f
    join pymap.mapping_events as e on e.tenant_id = p_tenant_id and e.id = f.id
    order by e.id desc
    limit p_limit;
end
$function$;

comment on function pymap.history(bigint, bigint, bigint) is
$comment$What happened to a media item, and to those that were merged into it, the newest first.
Parameters: p_media_item_id, also the ID of a deleted media item; p_limit, the most rows to return; p_tenant_id.
Returns rows event_id, for undo; happened_at; actor; kind; client_id, client_item_id, media_type; media_item_before,
media_item_after; evidence; weight; comparisons; undoes: all as changes_since describes them; undone_by, the event
that took this one back.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.history(bigint, bigint, bigint) from public;
grant execute on function pymap.history(bigint, bigint, bigint) to pymap_reader;
