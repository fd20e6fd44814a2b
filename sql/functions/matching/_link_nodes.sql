create or replace function pymap._link_nodes()
returns void
language plpgsql
as $function$
begin
    create temporary table pymap_links (key bigint, n bigint) on commit drop;

    insert into pg_temp.pymap_links (key, n)
    select k.key, f.n
    from (
        select s.media_type, s.source, s.external_id, row_number() over () as key
        from pg_temp.pymap_facts as s
        group by s.media_type, s.source, s.external_id
        having count(*) > 1
    ) as k
    join pg_temp.pymap_facts as f
        on f.media_type = k.media_type and f.source = k.source and f.external_id = k.external_id;

    -- An external ID whose holders contradict each other in another source says nothing about them.
    delete from pg_temp.pymap_links as l
    where l.key in (select pymap._contested_keys());
end
$function$;

comment on function pymap._link_nodes() is
'Private. Makes pg_temp.pymap_links from pg_temp.pymap_facts: nodes with the same key share an external ID.';

revoke all on function pymap._link_nodes() from public;
