create or replace function pymap._claim_mappings(p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
-- One index probe for each key that is given up.
set enable_hashjoin = off
set enable_mergejoin = off
as $function$
declare
    v_wanted bigint;
    v_claimed bigint;
begin
    if exists (
        select
        from (
            select e.client_item_id, e.media_type, e.known_id
            from pg_temp.pymap_entries as e
            where e.open and e.known_id is not null
            union all
            select l.client_item_id, l.media_type, l.known_id from pg_temp.pymap_losses as l
        ) as k
        where (
            select m.media_item_id
            from pymap.mappings as m
            where m.tenant_id = p_tenant_id
              and m.client_id = p_client_id
              and m.client_item_id = k.client_item_id
              and m.media_type = k.media_type
        ) is distinct from k.known_id
    ) then
        raise sqlstate 'PM999';
    end if;

    delete from pymap.mappings as m
    using pg_temp.pymap_losses as l
    where m.tenant_id = p_tenant_id
      and m.client_id = p_client_id
      and m.client_item_id = l.client_item_id
      and m.media_type = l.media_type;

    insert into pymap.mappings (tenant_id, client_id, client_item_id, media_type, media_item_id)
    select p_tenant_id, p_client_id, e.client_item_id, e.media_type, e.media_item_id
    from pg_temp.pymap_entries as e
    where e.action <> 'kept'
    order by e.client_item_id, e.media_type
    on conflict do nothing;
    get diagnostics v_claimed = row_count;
    select count(*) into v_wanted from pg_temp.pymap_entries as e where e.action <> 'kept';
    if v_claimed < v_wanted then
        raise sqlstate 'PM999';
    end if;
end
$function$;

comment on function pymap._claim_mappings(bigint, bigint) is
'Private. Takes the lookup keys of the mappings that pg_temp.pymap_entries adds, and gives up those of pymap_losses. '
'Raises PM999 if another session was faster.';

revoke all on function pymap._claim_mappings(bigint, bigint) from public;
