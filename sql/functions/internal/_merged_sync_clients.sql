create or replace function pymap._merged_sync_clients(p_sync_clients jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
declare
    v_merged jsonb;
    v_disagree boolean;
begin
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
        perform pymap._invalid_argument(
            'sync_clients', p_sync_clients::text, 'One mapping has two client types.'
        );
    end if;
    return v_merged;
end
$function$;

comment on function pymap._merged_sync_clients(jsonb) is
'Private. The canonical array where a mapping is there twice: one element with the keys of both, the first one''s values '
'win. Errors: 22023 if its client types disagree.';

revoke all on function pymap._merged_sync_clients(jsonb) from public;
grant execute on function pymap._merged_sync_clients(jsonb) to pymap_reader;
