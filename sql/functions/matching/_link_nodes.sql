create or replace function pymap._link_nodes(p_tenant_id bigint)
returns void
language plpgsql
as $function$
declare
    v_contested bigint[];
begin
    -- Entries that share an external ID.
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

    -- A media item, and the entries that are it.
    insert into pg_temp.pymap_links (key, n)
    select -e.media_item_id, e.n
    from pg_temp.pymap_entries as e
    where e.action is null and e.media_item_id is not null
    union all
    select -m.media_item_id, -m.media_item_id
    from pg_temp.pymap_matches as m;

    insert into pg_temp.pymap_facts (n, source, external_id)
    select -m.media_item_id, x.source, x.id
    from pg_temp.pymap_matches as m, jsonb_to_recordset(m.external_ids) as x (source text, id text)
    union all
    select -m.media_item_id, format('#distinct %s from %s', p.media_item_id, p.other_id), p.own_id::text
    from pg_temp.pymap_matches as m, pymap._distinct_pairs_of(m.media_item_id, p_tenant_id) as p;

    v_contested := array(select pymap._contested_keys());

    -- Each of several entries may be an item, yet they contradict each other in what it would learn from them: then
    -- only those are it that have nothing to add, and none of them if they still contradict each other.
    for v_turn in 1..2 loop
        update pg_temp.pymap_entries as e
        set media_item_id = null
        where e.action is null
          and -e.media_item_id = any (v_contested)
          and (
              v_turn = 2
              or jsonb_array_length(e.external_ids) > (
                  select h.shared from pg_temp.pymap_hits as h where h.n = e.n and h.media_item_id = e.media_item_id
              )
          );
        delete from pg_temp.pymap_links as l
        using pg_temp.pymap_entries as e
        where l.key < 0 and e.n = l.n and e.media_item_id is null;
        exit when v_turn = 2 or v_contested = '{}';
        v_contested := array(select pymap._contested_keys());
    end loop;

    -- An external ID whose holders contradict each other in another source says nothing about them.
    delete from pg_temp.pymap_links as l
    where l.key > 0 and l.key = any (v_contested);
end
$function$;

comment on function pymap._link_nodes(bigint) is
'Private. Makes pg_temp.pymap_links: nodes with the same key are the same thing, as far as external IDs tell.';

revoke all on function pymap._link_nodes(bigint) from public;
