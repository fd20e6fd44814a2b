create or replace function pymap._lock_media_items(p_media_item_ids bigint[], p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_locked bigint;
begin
    -- Counted, because PERFORM would keep every row in memory.
    select count(*)
    into v_locked
    from (
        select
        from pymap.media_items as i
        where i.tenant_id = p_tenant_id and i.id = any (p_media_item_ids)
        order by i.id
        for update
    ) as l;
end
$function$;

comment on function pymap._lock_media_items(bigint[], bigint) is 'Private. Locks media items, in the order of their IDs.';

revoke all on function pymap._lock_media_items(bigint[], bigint) from public;
