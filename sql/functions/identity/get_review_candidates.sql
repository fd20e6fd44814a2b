create or replace function pymap.get_review_candidates(
    p_media_item_id bigint default null,
    p_tenant_id bigint default 0
)
returns table (
    media_item_id bigint,
    candidate_id bigint,
    evidence text,
    weight integer,
    comparisons jsonb,
    noted_at timestamptz
)
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform pymap._require_tenant(p_tenant_id);
    return query
    select u.*
    from (
        select distinct on (r.media_item_id, c.id)
            r.media_item_id, c.id, r.evidence, r.weight, r.comparisons, r.noted_at
        from pymap.review_candidates as r
        join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = r.media_item_id
        join pymap.media_items as o on o.tenant_id = p_tenant_id and o.id = r.candidate_id
        cross join lateral (select coalesce(o.merged_into, o.id)) as c (id)
        where r.tenant_id = p_tenant_id
          and (p_media_item_id is null or r.media_item_id = p_media_item_id)
          -- Merged, or said to be something else: answered.
          and i.merged_into is null
          and c.id <> i.id
          and c.id not in (select d.id from pymap._distinct_from(i.id, p_tenant_id) as d (id))
        order by r.media_item_id, c.id, r.weight desc
    ) as u
    order by u.media_item_id, u.weight desc, u.id;
end
$function$;

comment on function pymap.get_review_candidates(bigint, bigint) is
$comment$Media items that were created because the evidence was ambiguous, with the media items that they may be.
Decide each with merge_media_items or mark_distinct.
Parameters: p_media_item_id, NULL for all of them; p_tenant_id.
Returns rows media_item_id, candidate_id (a media item that it may be), evidence ('external_ids', 'file', 'numbers' or
'title': the strongest that they have in common), weight, comparisons (the weight of each field), noted_at. The best
candidate of each comes first.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.get_review_candidates(bigint, bigint) from public;
grant execute on function pymap.get_review_candidates(bigint, bigint) to pymap_reader;
