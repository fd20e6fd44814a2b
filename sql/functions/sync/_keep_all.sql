create or replace function pymap._keep_all(
    p_client_id bigint,
    p_client_type text,
    p_media_types text[],
    p_tenant_id bigint
)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_items bigint;
    v_kept bigint;
begin
    select count(*) into v_items from pg_temp.pymap_listing as l where not l.item ?| '{error,listing}';
    if v_items <> (
        select count(*)
        from pymap.client_items as c
        where c.tenant_id = p_tenant_id and c.client_id = p_client_id and c.media_type = any (p_media_types)
    ) then
        return false;
    end if;

    insert into pg_temp.pymap_kept (position, asked_id, client_item_id, media_type, media_item_id)
    select l.position, l.asked_id, c.client_item_id, c.media_type, c.media_item_id
    from (
        select o.position, o.item ->> 'itemId' as asked_id,
               pymap.normalize_client_item_id(p_client_type, o.item ->> 'itemId') as client_item_id,
               o.item ->> 'type' as media_type, pymap._told_hash(o.item) as told_hash
        from pg_temp.pymap_listing as o
        where jsonb_typeof(o.item) = 'object' and not o.item ?| '{error,listing}'
        -- Else each of them would be worked out twice.
        offset 0
    ) as l
    cross join lateral (
        -- Whatever the planner expects, each item is one probe of the index.
        select o.client_item_id, o.media_type, o.media_item_id, o.told_hash, o.parent_item_id, o.parent_id
        from pymap.client_items as o
        where o.tenant_id = p_tenant_id
          and o.client_id = p_client_id
          and o.client_item_id = l.client_item_id
          and o.media_type = l.media_type
        offset 0
    ) as c
    where c.told_hash = l.told_hash
      and c.media_type = any (p_media_types)
      -- A parent that came later, in a listing of its own, is news of its children.
      and (
          c.parent_id is not null
          or c.parent_item_id is null
          or not exists (
              select
              from pymap.client_items as p
              join pymap.media_types as t on t.name = c.media_type and p.media_type = any (t.parent_types)
              where p.tenant_id = p_tenant_id and p.client_id = p_client_id and p.client_item_id = c.parent_item_id
          )
      );
    -- An item that is there twice does not make up for one that has gone.
    select count(*) into v_kept from (select distinct k.client_item_id, k.media_type from pg_temp.pymap_kept as k) as d;
    if v_kept = v_items then
        return true;
    end if;
    perform pymap._empty_staging();
    return false;
end
$function$;

comment on function pymap._keep_all(bigint, text, text[], bigint) is
'Private. Whether a client lists exactly what it listed before, and no parent has come since. If so, nothing '
'has to be checked or matched, and pg_temp.pymap_kept holds the answer.';

revoke all on function pymap._keep_all(bigint, text, text[], bigint) from public;
