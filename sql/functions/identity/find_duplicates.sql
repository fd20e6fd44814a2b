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
    shared_external_ids jsonb,
    contradicting boolean
)
language plpgsql
stable
as $function$
begin
    perform pymap._require_tenant(p_tenant_id);
    if p_media_type is not null then
        perform pymap._check_media_type('p_media_type', p_media_type);
    end if;
    if p_limit < 1 then
        perform pymap._invalid_argument('p_limit', p_limit::text, 'It is a number of pairs from 1 up, or NULL for all.');
    end if;

    return query
    with pairs as materialized (
        select * from pymap._pairs_by_external_ids(p_media_type, p_tenant_id)
        union all
        select * from pymap._pairs_by_numbers(p_media_type, p_tenant_id)
        union all
        select * from pymap._pairs_by_title(p_media_type, p_tenant_id)
    ),
    -- The strongest evidence of each pair.
    best as (
        select distinct on (p.media_item_id, p.duplicate_id) p.*
        from pairs as p
        order by p.media_item_id, p.duplicate_id, p.evidence
    ),
    judged as (
        select b.media_item_id, b.duplicate_id, i.type, b.evidence,
               pymap._without_elements(
                   i.external_ids, pymap._new_external_ids(d.external_ids, i.external_ids), 'source', 'id'
               ) as shared_external_ids,
               pymap._external_ids_contradict(i.external_ids, d.external_ids) as contradicting,
               coalesce(i.release_year <> d.release_year, false) and i.type <> 'artist' as of_other_years
        from best as b
        join pymap.media_items as i on i.tenant_id = p_tenant_id and i.id = b.media_item_id
        join pymap.media_items as d on d.tenant_id = p_tenant_id and d.id = b.duplicate_id
        where b.duplicate_id not in (select pymap._distinct_from(b.media_item_id, p_tenant_id))
    )
    select j.media_item_id, j.duplicate_id, j.type, j.evidence, j.shared_external_ids, j.contradicting
    from judged as j
    -- One title for two things that contradict each other is a coincidence.
    where j.evidence <> 'title' or not (j.contradicting or j.of_other_years)
    order by j.contradicting, j.evidence, j.media_item_id, j.duplicate_id
    limit p_limit;
end
$function$;

comment on function pymap.find_duplicates(text, bigint, bigint) is
$comment$Pairs of media items of one type that may be the same thing: merge_media_items or mark_distinct them.
Parameters: p_media_type, NULL for all; p_limit, the most pairs to return, NULL for all; p_tenant_id.
Returns rows media_item_id (the older one), duplicate_id, media_type; evidence: 'external_ids' (they share some),
'numbers' (the same season, episode or track of the same parent), 'title' (the same title and year; below a parent the
same title), the strongest of them; shared_external_ids; contradicting, true if they also have different IDs of one
source, which two things of the same title do not get proposed for. Those that do not contradict each other come first.
What more than twenty media items have in common tells nothing. Pairs that are known to be distinct are left out.
Errors: 22023 for a bad argument.$comment$;

revoke all on function pymap.find_duplicates(text, bigint, bigint) from public;
grant execute on function pymap.find_duplicates(text, bigint, bigint) to pymap_reader;
