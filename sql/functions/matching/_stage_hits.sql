create or replace function pymap._stage_hits(p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    insert into pg_temp.pymap_hits (n, media_item_id, shared)
    select f.n, h.media_item_id, count(*)
    from pg_temp.pymap_facts as f,
         unnest(pymap._holders(f.source, f.external_id, f.media_type, p_tenant_id)) as h (media_item_id)
    where f.source not like '#%'
    group by f.n, h.media_item_id;
end
$function$;

comment on function pymap._stage_hits(bigint) is
'Private. Fills pg_temp.pymap_hits: the media items that share external IDs of pymap_facts, and how many.';

revoke all on function pymap._stage_hits(bigint) from public;
