-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._compare(p_left pymap.description[], p_right pymap.description[])
returns table (evidence text, field text, agreement pymap.agreement, weight integer)
language sql
stable
parallel safe
as $function$
    select o.evidence, o.field, o.agreement,
           -- All weights are read once for a query, not looked up for every pair.
           (
               (select jsonb_object_agg(w.evidence || ' ' || w.outcome, w.weight) from pymap.match_weights as w)
               ->> (o.evidence || ' ' || o.agreement)
           )::integer
    from (
        select v.field, v.field as evidence, v.agreement
        from (
            select max(pymap._compare_title(l, r)) as title, max(pymap._compare_year(l, r)) as year,
                   max(pymap._compare_place(l, r)) as place, max(pymap._compare_file(l, r)) as file
            from unnest(p_left) as l, unnest(p_right) as r
            -- One that has nothing but external IDs would say that the year is unknown, and outdo those that know another one.
            where l.title_is_unique is not null and r.title_is_unique is not null
        ) as b
        cross join lateral (
            values ('title', b.title), ('year', b.year), ('place', b.place), ('file', b.file)
        ) as v (field, agreement)
        where v.agreement is not null
        union all
        select x.source,
               case
                   when pymap._is_known_source(x.source) and (x.is_elsewhere and x.agreement <> 'differs') is not true
                   then 'external_id'
                   else 'unknown_source'
               end,
               x.agreement
        from (
            select a.key as source, max(pymap._compare_external_id(a.value, r.external_ids -> a.key)) as agreement,
                   -- A track's ID is that of its recording, which may be on several albums.
                   a.key = 'musicbrainz'
                   and bool_and(
                       coalesce(l.parent_id <> r.parent_id, false)
                       and (l.number, coalesce(l.parent_number, 1)) is distinct from (r.number, coalesce(r.parent_number, 1))
                   ) filter (where l.title_is_unique is not null and r.title_is_unique is not null) as is_elsewhere
            from unnest(p_left) as l
            cross join lateral jsonb_each(l.external_ids) as a
            cross join unnest(p_right) as r
            where r.external_ids ? a.key
            group by a.key
        ) as x
    ) as o
    -- Of a source that pymap does not know only agreement has a weight.
    where o.evidence <> 'unknown_source' or o.agreement = 'agrees'
$function$;

comment on function pymap._compare(pymap.description[], pymap.description[]) is
'Private. Compares two things field by field. If a thing has several descriptions, the best agreement of each field '
'counts. Returns rows evidence, as match_weights names it; field (title, year, place, file, or the source of an '
'external ID); agreement; weight. A comparison without a weight has no row.';

revoke all on function pymap._compare(pymap.description[], pymap.description[]) from public;
grant execute on function pymap._compare(pymap.description[], pymap.description[]) to pymap_reader;
