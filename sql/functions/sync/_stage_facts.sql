create or replace function pymap._stage_facts(p_level integer, p_open boolean, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    insert into pg_temp.pymap_facts (n, media_type, source, external_id, is_open)
    select e.n, e.media_type, f.source, f.external_id, e.open
    from pg_temp.pymap_entries as e
    cross join lateral (
        select x.source, x.id
        from jsonb_to_recordset(e.external_ids) as x (source text, id text)
        union all
        -- Siblings with different numbers are different things.
        select format('#entries of %s: %s', coalesce(
                   e.parent_id,
                   (select i.parent_id from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = e.known_id)
               ), v.name), v.number::text
        from (values ('number', e.number), ('parent number', e.parent_number)) as v (name, number)
        where v.number is not null
    ) as f (source, external_id)
    where e.open = p_open
      and pymap._level(e.media_type) = p_level
      -- Entries that are settled matter where their media item is in question.
      and (
          p_open
          or exists (select from pg_temp.pymap_matches as m where m.media_item_id = e.media_item_id)
      );
end
$function$;

comment on function pymap._stage_facts(integer, boolean, bigint) is
'Private. Puts what the entries of a level tell into pg_temp.pymap_facts: all that are open, or those of the others '
'whose media item is in pymap_matches.';

revoke all on function pymap._stage_facts(integer, boolean, bigint) from public;
