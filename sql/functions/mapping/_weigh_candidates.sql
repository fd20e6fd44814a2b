-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._weigh_candidates(
    p_media_item_ids bigint[],
    p_told pymap.description,
    p_client_id bigint,
    p_tenant_id bigint
)
returns table (
    media_item_id bigint,
    updated_at timestamptz,
    weight integer,
    evidence text,
    comparisons jsonb,
    is_taken boolean
)
language sql
stable
as $function$
    select i.id, i.updated_at, w.weight, w.evidence, w.comparisons,
           t.is_taken is not null
    -- Behind a subquery the planner does not see how many they are: else it would plan anew for every call.
    from unnest((select p_media_item_ids)) as f (media_item_id)
    cross join lateral (
        -- Whatever the planner expects, the table is not scanned.
        select o.id, o.updated_at from pymap.media_items as o where o.tenant_id = p_tenant_id and o.id = f.media_item_id offset 0
    ) as i
    left join lateral (
        select true as is_taken
        from pymap.client_items as c
        where c.tenant_id = p_tenant_id and c.media_item_id = i.id and c.client_id = p_client_id
        limit 1
    ) as t on true
    cross join lateral (
        select array_agg(o.description) as descriptions from pymap._descriptions(i.id, p_tenant_id) as o
    ) as d
    cross join lateral pymap._weigh(array[p_told], d.descriptions) as w
$function$;

comment on function pymap._weigh_candidates(bigint[], pymap.description, bigint, bigint) is
'Private. Weighs what a client reports of an item against media items. is_taken: another item of the client is mapped '
'to it.';

revoke all on function pymap._weigh_candidates(bigint[], pymap.description, bigint, bigint) from public;
