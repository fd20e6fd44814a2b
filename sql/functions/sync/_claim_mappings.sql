create or replace function pymap._claim_mappings(p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_wanted bigint;
    v_added bigint;
    v_moved bigint;
    v_claimed bigint;
begin
    -- What is removed for good is left to the trigger, which keeps what was told for undo.
    delete from pymap.client_items as c
    using pg_temp.pymap_losses as l
    where c.tenant_id = p_tenant_id
      and c.client_id = p_client_id
      and c.client_item_id = l.client_item_id
      and c.media_type = l.media_type
      and c.media_item_id = l.known_id
      and l.vanished
      and l.replaced;
    get diagnostics v_claimed = row_count;
    select count(*) into v_wanted from pg_temp.pymap_losses as l where l.vanished and l.replaced;
    if v_claimed < v_wanted then
        raise sqlstate 'PM999';
    end if;

    select count(*) filter (where e.known_id is null), count(*) filter (where e.known_id is not null and not e.is_unchanged)
    into v_added, v_moved
    from pg_temp.pymap_entries as e;

    insert into pymap.client_items (
        tenant_id, client_id, client_item_id, media_type, media_item_id, told_hash, title, title_key, title_is_unique,
        release_year, external_ids, parent_item_id, parent_id, parent_number, number, path_key, evidence, weight, comparisons
    )
    select p_tenant_id, p_client_id, e.client_item_id, e.media_type, e.media_item_id, e.told_hash, e.title, e.title_key,
           e.title_is_unique, e.release_year, e.external_ids, e.parent_item_id, e.parent_id, e.parent_number, e.number,
           e.path_key, e.evidence, e.weight, e.comparisons
    from pg_temp.pymap_entries as e
    where e.known_id is null
    order by e.client_item_id, e.media_type
    on conflict do nothing;
    get diagnostics v_claimed = row_count;
    if v_claimed < v_added then
        raise sqlstate 'PM999';
    end if;

    if v_moved = 0 then
        return;
    end if;
    update pymap.client_items as c
    set media_item_id = e.media_item_id, told_hash = e.told_hash, title = e.title, title_key = e.title_key,
        title_is_unique = e.title_is_unique, release_year = e.release_year, external_ids = e.external_ids,
        parent_item_id = e.parent_item_id, parent_id = e.parent_id, parent_number = e.parent_number, number = e.number,
        path_key = e.path_key,
        evidence = case when e.action = 'reassigned' then e.evidence else c.evidence end,
        weight = case when e.action = 'reassigned' then e.weight else c.weight end,
        comparisons = case when e.action = 'reassigned' then e.comparisons else c.comparisons end
    from pg_temp.pymap_entries as e
    where e.known_id is not null
      and not e.is_unchanged
      and c.tenant_id = p_tenant_id
      and c.client_id = p_client_id
      and c.client_item_id = e.client_item_id
      and c.media_type = e.media_type
      and c.media_item_id = e.known_id;
    get diagnostics v_claimed = row_count;
    if v_claimed < v_moved then
        raise sqlstate 'PM999';
    end if;
end
$function$;

comment on function pymap._claim_mappings(bigint, bigint) is
'Private. Takes the lookup keys of the mappings that pg_temp.pymap_entries adds or moves, writes what was reported, and '
'gives up the keys of pymap_losses. Raises PM999 if another session was faster.';

revoke all on function pymap._claim_mappings(bigint, bigint) from public;
