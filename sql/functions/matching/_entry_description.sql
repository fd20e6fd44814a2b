-- Plain SQL without a SET clause: it is inlined into the query that calls it.
create or replace function pymap._entry_description(p_n bigint)
returns table (n bigint, description pymap.description)
language sql
stable
as $function$
    select e.n,
           (e.title, e.title_key, e.title_is_unique, e.release_year, e.external_ids, e.parent_id, e.parent_number, e.number,
            e.path_key)::pymap.description
    from pg_temp.pymap_entries as e
    where e.n = p_n
$function$;

comment on function pymap._entry_description(bigint) is
'Private. The description of an entry of pg_temp.pymap_entries.';

revoke all on function pymap._entry_description(bigint) from public;
