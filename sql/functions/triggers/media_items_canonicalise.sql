create or replace function pymap._canonicalise_media_item()
returns trigger
language plpgsql
as $function$
begin
    if tg_op = 'INSERT' or new.sync_clients is distinct from old.sync_clients then
        new.sync_clients := pymap._canonical_sync_clients(new.sync_clients);
    end if;
    if tg_op = 'INSERT' or new.external_ids is distinct from old.external_ids then
        new.external_ids := pymap.normalize_external_ids(new.external_ids, new.type);
    end if;
    if tg_op = 'UPDATE' then
        -- The lookup tables follow an item by its key.
        if (new.tenant_id, new.id) is distinct from (old.tenant_id, old.id) then
            perform pymap._invalid_argument(
                'media_items.id', new.id::text,
                format('A media item keeps its ID and tenant; this one is %s of tenant %s.', old.id, old.tenant_id)
            );
        end if;
        new.updated_at := now();
    end if;
    return new;
end
$function$;

comment on function pymap._canonicalise_media_item() is
'Trigger. Writes both arrays of a media item in their canonical form and refuses what is not valid (22023).';

revoke all on function pymap._canonicalise_media_item() from public;

create or replace trigger media_items_canonicalise
before insert or update on pymap.media_items
for each row execute function pymap._canonicalise_media_item();
