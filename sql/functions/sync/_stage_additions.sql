create or replace function pymap._stage_additions(p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    insert into pg_temp.pymap_additions (media_item_id, media_type, source, external_id)
    select distinct e.media_item_id, e.media_type, x.key, v.id
    from pg_temp.pymap_entries as e
    cross join lateral jsonb_each(e.external_ids) as x
    cross join lateral jsonb_array_elements_text(x.value) as v (id)
    left join pymap.external_ids as h
        on h.tenant_id = p_tenant_id
        and h.source = x.key
        and h.external_id = v.id
        and h.media_type = e.media_type
        and h.media_item_id = e.media_item_id
    where not e.is_unchanged and h.media_item_id is null;
end
$function$;

comment on function pymap._stage_additions(bigint) is
'Private. Fills pg_temp.pymap_additions: the external IDs that entries tell and their media items do not have.';

revoke all on function pymap._stage_additions(bigint) from public;
