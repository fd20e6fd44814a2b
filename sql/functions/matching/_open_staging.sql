create or replace function pymap._open_staging()
returns void
language plpgsql
as $function$
begin
    -- A trigger on a table of the caller's making would run with our rights.
    if exists (
        select
        from pg_class as c
        where c.relnamespace = pg_my_temp_schema()
          and c.relname in (
              'pymap_entries', 'pymap_facts', 'pymap_hits', 'pymap_matches', 'pymap_links', 'pymap_nodes'
          )
          and (c.relkind <> 'r' or pg_get_userbyid(c.relowner) <> current_user)
    ) then
        raise exception 'a temporary table has a name that pymap uses for its own'
            using errcode = 'duplicate_table',
                  hint = 'Drop the temporary tables and views whose names begin with pymap_.';
    end if;
    -- Made once in a transaction, however many batches it has: every new table would hold locks until the end.
    if to_regclass('pg_temp.pymap_entries') is null then
        create temporary table pymap_entries (
            n bigint primary key,
            position bigint,
            asked_ids text[],
            client_item_id text collate "C",
            media_type text collate "C",
            title text,
            release_year integer,
            external_ids jsonb,
            data jsonb,
            leader bigint,
            media_item_id bigint,
            action text
        ) on commit drop;
        -- Nodes are entries (n > 0) and media items (n = -id). A fact is an external ID that a node has.
        create temporary table pymap_facts (
            n bigint,
            media_type text collate "C",
            source text collate "C",
            external_id text collate "C"
        ) on commit drop;
        create temporary table pymap_hits (n bigint, media_item_id bigint, shared bigint) on commit drop;
        create temporary table pymap_matches (media_item_id bigint, external_ids jsonb) on commit drop;
        create temporary table pymap_links (key bigint, n bigint) on commit drop;
        create temporary table pymap_nodes (n bigint, label bigint) on commit drop;
        return;
    end if;

    truncate pg_temp.pymap_entries, pg_temp.pymap_facts, pg_temp.pymap_hits, pg_temp.pymap_matches,
             pg_temp.pymap_links, pg_temp.pymap_nodes;
end
$function$;

comment on function pymap._open_staging() is
'Private. Makes, or empties, the temporary tables in which a batch is matched.';

revoke all on function pymap._open_staging() from public;
