-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._pairs(p_media_item_ids bigint[])
returns table (media_item_id bigint, duplicate_id bigint)
language sql
immutable
parallel safe
as $function$
    select a.id, b.id
    from unnest(p_media_item_ids) as a (id)
    join unnest(p_media_item_ids) as b (id) on a.id < b.id
$function$;

comment on function pymap._pairs(bigint[]) is
'Private. Every two of these media items, the older one first.';

revoke all on function pymap._pairs(bigint[]) from public;
grant execute on function pymap._pairs(bigint[]) to pymap_reader;
