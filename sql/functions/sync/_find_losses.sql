create or replace function pymap._find_losses(p_client_id bigint, p_media_types text[], p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    insert into pg_temp.pymap_losses (client_item_id, media_type, known_id, media_item_id, vanished, replaced)
    select l.client_item_id, l.media_type, l.known_id, coalesce(g.keep_id, l.known_id), l.vanished, false
    from (
        select m.client_item_id, m.media_type, m.media_item_id as known_id, true as vanished
        from pymap.client_items as m
        where m.tenant_id = p_tenant_id
          and m.client_id = p_client_id
          and m.media_type = any (p_media_types)
          and not exists (
              select
              from pg_temp.pymap_entries as e
              where e.client_item_id = m.client_item_id and e.media_type = m.media_type
          )
        union all
        select e.client_item_id, e.media_type, e.known_id, false
        from pg_temp.pymap_entries as e
        where e.action = 'reassigned'
    ) as l
    left join pg_temp.pymap_merges as g on g.duplicate_id = l.known_id;

    -- A media item that loses an ID and gains another one was given a new ID: the two belong together.
    with losses as (
        select l.client_item_id, l.media_type, l.media_item_id,
               row_number() over (partition by l.media_item_id order by not l.vanished, l.client_item_id) as turn
        from pg_temp.pymap_losses as l
    ),
    gains as (
        select e.n, e.media_item_id,
               row_number() over (
                   partition by e.media_item_id order by e.action = 'reassigned', e.client_item_id
               ) as turn
        from pg_temp.pymap_entries as e
        where e.action = 'matched' or e.action = 'reassigned' and not e.is_new
    ),
    pairs as materialized (
        select g.n, l.client_item_id, l.media_type
        from gains as g
        join losses as l on l.media_item_id = g.media_item_id and l.turn = g.turn
    ),
    rekeyed as (
        update pg_temp.pymap_entries as e
        set action = 'rekeyed'
        from pairs as p
        where e.n = p.n and e.action = 'matched'
    )
    update pg_temp.pymap_losses as l
    set replaced = true
    from pairs as p
    where l.client_item_id = p.client_item_id and l.media_type = p.media_type;
end
$function$;

comment on function pymap._find_losses(bigint, text[], bigint) is
'Private. Fills pg_temp.pymap_losses with the mappings that are no longer listed or now stand for something else. An '
'entry whose media item loses its old ID this way becomes rekeyed.';

revoke all on function pymap._find_losses(bigint, text[], bigint) from public;
