create or replace function pymap._claim_external_ids(p_tenant_id bigint)
returns void
language plpgsql
as $function$
declare
    v_unknown bigint;
begin
    insert into pymap.external_ids (tenant_id, source, external_id, media_type, slot, media_item_id)
    select distinct on (a.source, a.external_id, a.media_type)
        p_tenant_id, a.source, a.external_id, a.media_type, 0, a.media_item_id
    from pg_temp.pymap_additions as a
    where (
        select x.slot
        from pymap.external_ids as x
        where x.tenant_id = p_tenant_id
          and x.source = a.source
          and x.external_id = a.external_id
          and x.media_type = a.media_type
          and x.media_item_id = a.media_item_id
        limit 1
    ) is null
    order by a.source, a.external_id, a.media_type, a.media_item_id
    -- Locks the slot where another item holds it, and writes nothing.
    on conflict (tenant_id, source, external_id, media_type, slot) do update set slot = excluded.slot where false;

    -- A holder that the matching did not know of has come in between. Counted, because EXISTS would be planned as if
    -- one were found at once; not with EXCEPT, whose hash table could not be spilled.
    select count(*)
    into v_unknown
    from pg_temp.pymap_additions as a,
         unnest(pymap._holders(a.source, a.external_id, a.media_type, p_tenant_id)) as h (media_item_id)
    where a.is_listed
      and not exists (select from pg_temp.pymap_hits as o where o.media_item_id = h.media_item_id)
      and not exists (select from pg_temp.pymap_matches as m where m.media_item_id = h.media_item_id)
      and not exists (select from pg_temp.pymap_entries as e where e.media_item_id = h.media_item_id);
    if v_unknown > 0 then
        raise sqlstate 'PM999';
    end if;
end
$function$;

comment on function pymap._claim_external_ids(bigint) is
'Private. Takes the lookup keys of pg_temp.pymap_additions. Raises PM999 if one of the IDs has a holder now that the '
'matching did not know of.';

revoke all on function pymap._claim_external_ids(bigint) from public;
