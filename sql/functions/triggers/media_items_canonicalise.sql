create or replace function pymap._canonicalise_media_item()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    -- What is canonical already, as most of it is, is left alone without a call of another function.
    if (tg_op = 'INSERT' or new.sync_clients is distinct from old.sync_clients)
       and pymap._are_canonical_sync_clients(new.sync_clients) is not true
    then
        new.sync_clients := pymap._canonical_sync_clients(new.sync_clients);
    end if;
    if (tg_op = 'INSERT' or new.external_ids is distinct from old.external_ids)
       and not pymap._are_canonical_external_ids(new.external_ids)
    then
        new.external_ids := pymap.normalize_external_ids(new.external_ids, new.type);
        if jsonb_array_length(new.external_ids) > 100 then
            perform pymap._invalid_argument(
                'external_ids', new.external_ids::text, 'A media item has at most 100 external IDs.'
            );
        end if;
    end if;
    if tg_op = 'INSERT' or new.title is distinct from old.title or new.title_key is distinct from old.title_key then
        if length(new.title) > 1000 then
            perform pymap._check_title('title', new.title);
        end if;
        new.title_key := pymap._title_key(new.title);
    end if;
    if tg_op = 'UPDATE' then
        -- The lookup tables follow an item by its key.
        if (new.tenant_id, new.id) is distinct from (old.tenant_id, old.id) then
            perform pymap._invalid_argument(
                'media_items.id', new.id::text,
                format('A media item keeps its ID and tenant. This one is %s of tenant %s.', old.id, old.tenant_id)
            );
        end if;
        new.updated_at := now();
    end if;
    return new;
end
$function$;

comment on function pymap._canonicalise_media_item() is
'Trigger. Writes both arrays of a media item in their canonical form, refuses invalid ones (22023), and folds the '
'title.';

revoke all on function pymap._canonicalise_media_item() from public;

create or replace trigger media_items_canonicalise
before insert or update on pymap.media_items
for each row execute function pymap._canonicalise_media_item();
