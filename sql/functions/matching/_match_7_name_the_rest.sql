create or replace function pymap._match_7_name_the_rest(p_level integer, p_client_id bigint, p_tenant_id bigint)
returns void
language plpgsql
as $function$
begin
    perform pymap._unite_what_became_alike(p_level, p_client_id, p_tenant_id);

    -- Why each entry is what it is: its own comparison, else that of its group.
    update pg_temp.pymap_entries as e
    set evidence = w.evidence,
        weight = w.weight,
        comparisons = w.comparisons,
        action = case
            when e.known_id is null then 'matched'
            when coalesce((select g.keep_id from pg_temp.pymap_merges as g where g.duplicate_id = e.known_id), e.known_id)
                 = e.media_item_id then 'kept'
            else 'reassigned'
        end
    from (
        select distinct on (o.n) o.n, c.evidence, c.weight, c.comparisons
        from pg_temp.pymap_entries as o
        join pg_temp.pymap_entries as m on m.group_n = o.group_n
        join pg_temp.pymap_candidates as c on c.n = m.n and c.media_item_id = o.media_item_id
        where o.level = p_level and o.action is null
        order by o.n, c.n <> o.n, c.weight desc, c.n
    ) as w
    where e.n = w.n;

    with new_items as materialized (
        select g.group_n, nextval(pg_get_serial_sequence('pymap.media_items', 'id')) as media_item_id
        from (
            select distinct e.group_n
            from pg_temp.pymap_entries as e
            where e.level = p_level and e.action is null
            order by 1
        ) as g
    )
    update pg_temp.pymap_entries as e
    set media_item_id = i.media_item_id,
        is_new = true,
        action = case when e.known_id is null then 'created' else 'reassigned' end
    from new_items as i
    where e.group_n = i.group_n and e.action is null;
end
$function$;

comment on function pymap._match_7_name_the_rest(integer, bigint, bigint) is
'Private. Says of every entry of a level what happens to it and why, and draws the IDs of the media items that groups become '
'which are nothing known.';

revoke all on function pymap._match_7_name_the_rest(integer, bigint, bigint) from public;
