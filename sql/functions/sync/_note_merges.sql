create or replace function pymap._note_merges(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- With the transaction it tells which merges happened together.
    v_batch bigint := (select max(e.id) from pymap.mapping_events as e where e.tenant_id = p_tenant_id);
begin
    insert into pymap.mapping_events (
        tenant_id, epoch, system_identifier, position, kind, media_type, media_item_before, media_item_after, evidence,
        weight, comparisons, details
    )
    select p_tenant_id, t.epoch, t.system_identifier, t.feed_position, 'merged', d.type, d.id, d.keep_id, d.evidence,
           d.weight, d.comparisons,
           jsonb_build_object(
               'sync_clients', d.sync_clients,
               'external_ids', d.external_ids,
               'parent_id', d.parent_id,
               'batch', coalesce(v_batch, 0),
               'new_external_ids', pymap._new_external_ids(
                   k.external_ids || jsonb_path_query_array(coalesce(d.earlier_ids, '[]'), '$[*][*]'), d.external_ids
               ),
               'filled', jsonb_strip_nulls(jsonb_build_object(
                   'title', case when k.title is null and d.earlier_titles = 0 then d.title end,
                   'release_year', case when k.release_year is null and d.earlier_years = 0 then d.release_year end,
                   'parent_id', case when k.parent_id is null and d.earlier_parents = 0 then d.parent_id end,
                   'parent_number',
                   case when k.parent_number is null and d.earlier_parent_numbers = 0 then d.parent_number end,
                   'number', case when k.number is null and d.earlier_numbers = 0 then d.number end
               )),
               'children', array(
                   select i.id from pymap.media_items as i where i.tenant_id = p_tenant_id and i.parent_id = d.id
               ),
               'redirects', array(
                   select i.id from pymap.media_items as i where i.tenant_id = p_tenant_id and i.merged_into = d.id
               )
           )
    from (
        select o.*, m.keep_id, m.evidence, m.weight, m.comparisons,
               jsonb_agg(o.external_ids) over earlier as earlier_ids,
               count(o.title) over earlier as earlier_titles,
               count(o.release_year) over earlier as earlier_years,
               count(o.parent_id) over earlier as earlier_parents,
               count(o.parent_number) over earlier as earlier_parent_numbers,
               count(o.number) over earlier as earlier_numbers
        from pg_temp.pymap_merges as m
        cross join lateral (
            select i.* from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = m.duplicate_id offset 0
        ) as o
        -- As _merge_items puts them together: the older duplicate goes first.
        window earlier as (partition by m.keep_id order by o.id rows between unbounded preceding and 1 preceding)
    ) as d
    cross join lateral (
        select i.* from pymap.media_items as i where i.tenant_id = p_tenant_id and i.id = d.keep_id offset 0
    ) as k
    cross join pymap._open_events(p_tenant_id) as t
    order by d.keep_id, d.id;
end
$function$;

comment on function pymap._note_merges(bigint) is
'Private. Writes an event for each merge of pg_temp.pymap_merges that is about to happen, with what undo needs.';

revoke all on function pymap._note_merges(bigint) from public;
