create or replace function pymap._contested_keys()
returns setof bigint
language plpgsql
as $function$
begin
    return query
    select d.key
    from (
        select l.key, f.source, f.external_id, f.n,
               count(*) over (partition by l.key, f.source, f.external_id) as holders_of_id
        from pg_temp.pymap_links as l
        join pg_temp.pymap_facts as f on f.n = l.n
    ) as d
    group by d.key, d.source
    having count(distinct d.external_id) > 1
       -- Several IDs of one source agree if all holders share one of them. If one holder has them all, the others may
       -- still be two things.
       and max(d.holders_of_id) < count(distinct d.n);
end
$function$;

comment on function pymap._contested_keys() is
'Private. The keys of pg_temp.pymap_links whose holders contradict each other in pg_temp.pymap_facts.';

revoke all on function pymap._contested_keys() from public;
