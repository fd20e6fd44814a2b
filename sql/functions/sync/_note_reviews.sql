create or replace function pymap._note_reviews(p_tenant_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_review constant integer := pymap._match_weight('decision', 'review');
begin
    insert into pymap.review_candidates (tenant_id, media_item_id, candidate_id, evidence, weight, comparisons)
    select distinct on (e.media_item_id, c.media_item_id)
        p_tenant_id, e.media_item_id, c.media_item_id, c.evidence, c.weight, c.comparisons
    from pg_temp.pymap_entries as e
    join pg_temp.pymap_candidates as c on c.n = e.n
    -- They are locked; one that was deleted before is no candidate any more.
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = c.media_item_id and i.merged_into is null
    where e.is_new
      and not c.is_refused
      and c.weight >= c_review
      and c.media_item_id <> e.media_item_id
    order by e.media_item_id, c.media_item_id, c.weight desc
    on conflict do nothing;
end
$function$;

comment on function pymap._note_reviews(bigint) is
'Private. Writes the review candidates of the media items that were created because the match was ambiguous.';

revoke all on function pymap._note_reviews(bigint) from public;
