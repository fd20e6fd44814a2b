create or replace function pymap._canonical_sync_clients(p_sync_clients jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_merged jsonb;
    v_disagree boolean;
begin
    if pymap._are_canonical_sync_clients(p_sync_clients) then
        return p_sync_clients;
    elsif jsonb_typeof(p_sync_clients) is distinct from 'array' then
        perform pymap._invalid_argument('sync_clients', p_sync_clients::text, 'Give a JSON array of sync clients.');
    elsif jsonb_array_length(p_sync_clients) > 1000 then
        perform pymap._invalid_argument('sync_clients', p_sync_clients::text, 'A media item has at most 1,000 sync clients.');
    end if;

    -- Of a mapping that is there twice, one element with the keys of both stays; the first one's values win.
    select jsonb_agg(m.element order by m.position), bool_or(m.client_types > 1)
    into v_merged, v_disagree
    from (
        select min(c.position) as position,
               jsonb_object_agg(k.key, k.value order by c.position desc) as element,
               count(distinct k.value) filter (where k.key = 'clientType') as client_types
        from (
            select e.position, pymap._canonical_sync_client(e.element) as element
            from jsonb_array_elements(p_sync_clients) with ordinality as e (element, position)
        ) as c,
             jsonb_each(c.element) as k
        group by c.element -> 'clientId', c.element -> 'itemId'
    ) as m;
    if v_disagree then
        perform pymap._invalid_argument('sync_clients', p_sync_clients::text, 'One mapping has two client types.');
    end if;
    return coalesce(v_merged, '[]');
end
$function$;

comment on function pymap._canonical_sync_clients(jsonb) is
'Private. The array as media_items.sync_clients stores it: canonical keys and IDs, each mapping once. Errors: 22023.';

revoke all on function pymap._canonical_sync_clients(jsonb) from public;
grant execute on function pymap._canonical_sync_clients(jsonb) to pymap_reader;
