create or replace function pymap._claim_entries(p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
as $function$
declare
    v_wanted bigint;
    v_claimed bigint;
begin
    -- Locks and claims are taken in one order everywhere: media items, mappings, external IDs, clients;
    -- within each of them by key.
    perform
    from (
        select distinct e.media_item_id from pg_temp.pymap_entries as e where e.action = 'matched' order by 1
    ) as e
    cross join lateral (
        select from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = e.media_item_id for update
    ) as i;
    if exists (
        select
        from (select distinct e.media_item_id from pg_temp.pymap_entries as e where e.action = 'matched') as e
        join pg_temp.pymap_matches as c on c.media_item_id = e.media_item_id
        where (
            select i.external_ids
            from pymap.media_items as i
            where i.tenant_id = p_tenant_id and i.id = e.media_item_id
        ) is distinct from c.external_ids
    ) then
        raise sqlstate 'PM999';
    end if;

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

    insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
    select distinct on (f.source, f.external_id, f.media_type)
        p_tenant_id, f.source, f.external_id, f.media_type, 0, e.media_item_id
    from pg_temp.pymap_facts as f
    join pg_temp.pymap_entries as e on e.n = f.n
    where (
        select x.slot
        from pymap.external_ids as x
        where x.tenant_id = p_tenant_id
          and x.source = f.source
          and x.external_id = f.external_id
          and x.media_type = f.media_type
          and x.media_item_id = e.media_item_id
        limit 1
    ) is null
    order by f.source, f.external_id, f.media_type, e.media_item_id
    -- Locks the slot where another item holds it, and writes nothing.
    on conflict (tenant_id, source, external_id, media_type, slot) do update set slot = excluded.slot where false;
    -- A holder that the matching did not know of has come in between.
    if exists (
        select h.media_item_id
        from pg_temp.pymap_facts as f,
             unnest(pymap._holders(f.source, f.external_id, f.media_type, p_tenant_id)) as h (media_item_id)
        where f.n > 0
        except (
            select h.media_item_id from pg_temp.pymap_hits as h
            union all
            select e.media_item_id from pg_temp.pymap_entries as e
        )
    ) then
        raise sqlstate 'PM999';
    end if;
end
$function$;

comment on function pymap._claim_entries(bigint, bigint) is
'Private. Takes the locks and lookup keys that writing pg_temp.pymap_entries needs. Raises PM999 if another session was '
'faster with one of them; the caller undoes everything and starts again, never keeping a claim.';

revoke all on function pymap._claim_entries(bigint, bigint) from public;
