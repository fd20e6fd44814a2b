create or replace function pymap.find_duplicates(
    p_media_type text default null,
    p_limit bigint default null,
    p_tenant_id bigint default 0
)
returns table (
    media_item_id bigint,
    duplicate_id bigint,
    media_type text,
    evidence text,
    weight integer,
    comparisons jsonb,
    shared_external_ids jsonb,
    contradicting boolean
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_review constant integer := pymap._match_weight('decision', 'review');
begin
    perform pymap._require_tenant(p_tenant_id);
    if p_media_type is not null then
        perform pymap._check_media_type('p_media_type', p_media_type);
    end if;
    if p_limit < 1 then
        perform pymap._invalid_argument('p_limit', p_limit::text, 'Give a number of pairs from 1 up, or NULL for all.');
    end if;

    return query
    select c.media_item_id, c.duplicate_id, i.type, w.evidence, w.weight, w.comparisons,
           pymap._without_elements(
               i.external_ids, pymap._new_external_ids(d.external_ids, i.external_ids), 'source', 'id'
           ),
           w.contradicts
    from pymap._duplicate_candidates(p_media_type, p_tenant_id) as c
    join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = c.media_item_id
    join pymap.media_items as d on d.tenant_id = p_tenant_id and d.id = c.duplicate_id
    cross join lateral (
        select array_agg(x.description) as descriptions from pymap._descriptions(i.id, p_tenant_id) as x
    ) as il
    cross join lateral (
        select array_agg(x.description) as descriptions from pymap._descriptions(d.id, p_tenant_id) as x
    ) as dl
    cross join lateral pymap._weigh(il.descriptions, dl.descriptions) as w
    where w.weight >= c_review
      and d.id not in (select x.id from pymap._distinct_from(i.id, p_tenant_id) as x (id))
    order by w.weight desc, c.media_item_id, c.duplicate_id
    limit p_limit;
end
$function$;

comment on function pymap.find_duplicates(text, bigint, bigint) is
$comment$Pairs of media items of one type that may be the same thing. Decide each with merge_media_items or
mark_distinct. They are weighed as a sync weighs an entry, see docs/matching.md.
Parameters: p_media_type, NULL for all; p_limit, the most pairs to return, NULL for all; p_tenant_id.
Returns rows media_item_id (the older one), duplicate_id, media_type; evidence, the strongest that agrees:
'external_ids', 'file', 'numbers' (the same season, episode or track of the same parent) or 'title'; weight, of all
evidence together, the heaviest pair first; comparisons, the weight of each field: {"imdb": 12, "title": -3};
shared_external_ids; contradicting, true if their external IDs or their places show that they are two. Evidence that
more than twenty media items share is ignored. Pairs that are known to be distinct are left out.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.find_duplicates(text, bigint, bigint) from public;
grant execute on function pymap.find_duplicates(text, bigint, bigint) to pymap_reader;
