create or replace function pymap._claim_external_ids(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_claimed bigint;
    v_unknown bigint;
begin
    insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
    select distinct on (a.source, a.external_id, a.media_type)
        p_tenant_id, a.source, a.external_id, a.media_type, 0, a.media_item_id
    from pg_temp.pymap_additions as a
    order by a.source, a.external_id, a.media_type, a.media_item_id
    -- Locks the slot where another item holds it, and writes nothing.
    on conflict (tenant_id, source, external_id, media_type, slot) do update set slot = excluded.slot where false;
    get diagnostics v_claimed = row_count;
    if v_claimed = (
        select count(*)
        from (select a.source, a.external_id, a.media_type from pg_temp.pymap_additions as a group by 1, 2, 3) as k
    ) then
        return;
    end if;

    -- A holder that the matching did not know of has come in between.
    select count(*)
    into v_unknown
    from (
        -- Sets, not joins: however many they turn out to be, none is compared with all others.
        select h.media_item_id
        from pg_temp.pymap_additions as a
        cross join lateral pymap._candidates_by_external_id(
            a.media_type, jsonb_build_object(a.source, jsonb_build_array(a.external_id)), p_tenant_id
        ) as h
        except
        select e.media_item_id from pg_temp.pymap_entries as e
        except
        select p.found_id from pg_temp.pymap_pairs as p
        offset 0
    ) as u
    -- A damaged lookup row names no media item; trying again would not help.
    cross join lateral (
        select from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = u.media_item_id offset 0
    ) as i;
    if v_unknown > 0 then
        raise sqlstate 'PM999';
    end if;
end
$function$;

comment on function pymap._claim_external_ids(bigint) is
'Private. Takes the lookup keys of pg_temp.pymap_additions. Raises PM999 if one of the IDs now has a holder that the '
'matching did not know of.';

revoke all on function pymap._claim_external_ids(bigint) from public;
