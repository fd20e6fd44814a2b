create or replace function pymap._match_candidates(p_evidence text, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    truncate pg_temp.pymap_links, pg_temp.pymap_nodes;
    perform pymap._stage_items(p_tenant_id);

    -- Whoever contradicts an entry is no candidate.
    update pg_temp.pymap_candidates as c
    set media_item_id = null
    from (
        select a.n, a.media_item_id
        from pg_temp.pymap_candidates as a
        join pg_temp.pymap_facts as f on f.n = a.n
        join pg_temp.pymap_facts as i on i.n = -a.media_item_id and i.source = f.source
        group by a.n, a.media_item_id, f.source
        having not bool_or(f.external_id = i.external_id)
    ) as x
    where x.n = c.n and x.media_item_id = c.media_item_id;

    -- Those that claim the same candidate, or the same free place, have one key.
    update pg_temp.pymap_candidates as c
    set key = k.key
    from (
        select a.ctid as row_id, dense_rank() over (order by a.place, a.media_item_id) as key,
               count(*) over (partition by a.place, a.media_item_id) as claims
        from pg_temp.pymap_candidates as a
    ) as k
    where k.row_id = c.ctid and (c.media_item_id is not null or c.place is not null and k.claims > 1);

    -- In doubt is an entry with several candidates, and a candidate whose claimants cannot all be it: by title any two
    -- entries of a listing, by numbers two that have other titles or numbers.
    update pg_temp.pymap_candidates as c
    set in_doubt = true
    from (
        select a.key,
               case p_evidence
                   when 'title' then count(distinct a.media_item_id) > 1
                   else count(distinct pymap._title_key(a.title)) > 1 or count(distinct a.number) > 1
               end as is_contended
        from (
            select o.key, e.media_item_id, e.title, e.number
            from pg_temp.pymap_candidates as o
            join pg_temp.pymap_entries as e on e.media_item_id = -o.n
            where o.key is not null
            union all
            select o.key, e.media_item_id, e.title, e.number
            from pg_temp.pymap_candidates as o
            join pg_temp.pymap_entries as e on e.media_item_id = o.media_item_id
        ) as a
        group by a.key
    ) as d
    where d.key = c.key and d.is_contended;
    update pg_temp.pymap_candidates as c
    set in_doubt = true
    from (
        select a.n from pg_temp.pymap_candidates as a where a.media_item_id is not null group by a.n having count(*) > 1
    ) as d
    where d.n = c.n;

    insert into pg_temp.pymap_links (key, n)
    select c.key, c.n from pg_temp.pymap_candidates as c where c.key is not null and c.in_doubt is null
    union
    select c.key, -c.media_item_id
    from pg_temp.pymap_candidates as c
    where c.media_item_id is not null and c.in_doubt is null;
    perform pymap._unite_nodes(p_evidence);

    insert into pg_temp.pymap_reviews (n, media_item_id, evidence)
    select c.n, c.media_item_id, p_evidence
    from pg_temp.pymap_candidates as c
    where c.media_item_id is not null
      and exists (select from pg_temp.pymap_entries as e where e.media_item_id = -c.n);
end
$function$;

comment on function pymap._match_candidates(text, bigint) is
'Private. Unites entries with their candidate in pg_temp.pymap_candidates where it is the only one and nothing '
'contradicts; where it is not, notes the candidates in pymap_reviews.';

revoke all on function pymap._match_candidates(text, bigint) from public;
