create or replace function pymap._listing_results(p_dry_run boolean)
returns table (client_item_id text, media_type text, media_item_id bigint, action text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query
    select r.asked_id, r.media_type, r.media_item_id, r.action
    from (
        select e.position, a.asked_id, e.media_type,
               case when not (e.is_new and p_dry_run) then e.media_item_id end as media_item_id, e.action
        from pg_temp.pymap_entries as e, unnest(e.asked_ids) as a (asked_id)
        union all
        select k.position, k.asked_id, k.media_type, k.media_item_id, 'kept' from pg_temp.pymap_kept as k
        union all
        select l.position, null, null, null, 'unusable'
        from pg_temp.pymap_listing as l
        where l.item ? 'error'
        union all
        select null, l.client_item_id, l.media_type, l.media_item_id, 'removed'
        from pg_temp.pymap_losses as l
        where l.vanished and not l.replaced
    ) as r
    order by r.position nulls last, r.media_type, r.asked_id;

    -- The listing is done with; another one may follow in this transaction.
    perform pymap._empty_listing();
    delete from pg_temp.pymap_begun;
end
$function$;

comment on function pymap._listing_results(boolean) is
'Private. Returns a row for every item of pg_temp.pymap_listing, in their order, then one for every removed mapping. '
'Empties the listing. p_dry_run: new media items have no ID.';

revoke all on function pymap._listing_results(boolean) from public;
