create or replace function pymap._note_reviews(p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    insert into pymap.review_candidates (tenant_id, media_item_id, candidate_id, evidence)
    select distinct on (e.media_item_id, c.id) p_tenant_id, e.media_item_id, c.id, r.evidence
    from pg_temp.pymap_reviews as r
    join pg_temp.pymap_entries as e on e.n = r.n and e.leader = e.n
    left join pg_temp.pymap_merges as m on m.duplicate_id = r.media_item_id
    cross join lateral (select coalesce(m.keep_id, r.media_item_id)) as c (id)
    order by e.media_item_id, c.id, r.evidence
    on conflict do nothing;
end
$function$;

comment on function pymap._note_reviews(bigint) is
'Private. Writes down what the media items that were made for want of a clear answer may be.';

revoke all on function pymap._note_reviews(bigint) from public;
