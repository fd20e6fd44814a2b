create or replace function pymap._check_completeness(p_client_id bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_handed_over bigint;
    v_total bigint;
begin
    -- Pages of one listing say one total; a page that starts at 0 begins a listing. The same page twice counts once.
    select min(g.handed_over), min(g.total)
    into v_handed_over, v_total
    from (
        select p.total * greatest(count(*) filter (where p.start = 0), 1) as total,
               case
                   when bool_or(p.start is null) or count(*) filter (where p.start = 0) > 1 then sum(p.count)
                   -- Pages that overlap do not make up for one that is missing.
                   else (
                       select sum(upper(r) - lower(r)) from unnest(range_agg(int8range(p.start, p.start + p.count))) as r
                   )
               end as handed_over
        from (
            select distinct l.item -> 'listing' as page, (l.item #>> '{listing,total}')::bigint as total,
                   (l.item #>> '{listing,start}')::bigint as start,
                   coalesce((l.item #>> '{listing,count}')::bigint, 0) as count
            from pg_temp.pymap_listing as l
            where l.item @? '$.listing ? (@.total.type() == "number")'
        ) as p
        group by p.total
    ) as g
    where coalesce(g.handed_over, 0) < g.total;
    v_handed_over := coalesce(v_handed_over, 0);
    if v_handed_over < v_total then
        raise exception 'the listing of client % is incomplete', p_client_id
            using errcode = 'PM004',
                  detail = format(
                      'The server says that it has %s entries, but the listing holds %s. Nothing was written.',
                      v_total, v_handed_over
                  ),
                  hint = 'Pass all pages in one call. p_allow_removals => true accepts the listing as it is and removes '
                         'the mappings that are not in it.';
    end if;
end
$function$;

comment on function pymap._check_completeness(bigint) is
'Private. Raises PM004 if the pages in pg_temp.pymap_listing hold fewer entries than their server says it has.';

revoke all on function pymap._check_completeness(bigint) from public;
