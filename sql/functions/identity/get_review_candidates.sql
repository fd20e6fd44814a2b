create or replace function pymap.get_review_candidates(
    p_media_item_id bigint default null,
    p_tenant_id bigint default 0
)
returns table (media_item_id bigint, candidate_id bigint, evidence text, noted_at timestamptz)
language plpgsql
stable
parallel safe
as $function$
begin
    perform pymap._require_tenant(p_tenant_id);
    return query
    select distinct on (r.media_item_id, c.id) r.media_item_id, c.id, r.evidence, r.noted_at
    from pymap.review_candidates as r
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = r.media_item_id
    join pymap.media_items as o on o.tenant_id = p_tenant_id and o.id = r.candidate_id
    cross join lateral (select coalesce(o.merged_into, o.id)) as c (id)
    where r.tenant_id = p_tenant_id
      and (p_media_item_id is null or r.media_item_id = p_media_item_id)
      -- Merged, or said to be something else: answered.
      and i.merged_into is null
      and c.id <> i.id
      and c.id not in (select pymap._distinct_from(i.id, p_tenant_id))
    order by r.media_item_id, c.id, r.noted_at;
end
$function$;

comment on function pymap.get_review_candidates(bigint, bigint) is
$comment$Media items that a sync made because it could not tell which of several they are; merge_media_items and
mark_distinct answer that.
Parameters: p_media_item_id, NULL for all of them; p_tenant_id.
Returns rows media_item_id, candidate_id (a media item that it may be), evidence ('external_ids', 'numbers' or
'title': what they have in common), noted_at. Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_review_candidates(bigint, bigint) from public;
grant execute on function pymap.get_review_candidates(bigint, bigint) to pymap_reader;
