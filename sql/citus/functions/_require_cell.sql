create or replace function pymap_citus._require_cell()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_cell constant text := 'pymap_' || substring(tg_table_name from '_([0-9]+)$');
begin
    -- The distributed table itself, which TRUNCATE reaches before the shards.
    if v_cell is null then
        return null;
    end if;
    if not exists (
        select
        from pg_trigger as t
        join pg_proc as f on f.oid = t.tgfoid
        join pg_namespace as n on n.oid = f.pronamespace
        where t.tgrelid = tg_relid and n.nspname = v_cell
    ) then
        raise exception '% has no cell on this node', tg_table_name
            using errcode = 'PM010',
                  detail = 'Nothing would keep the lookup tables in step. Nothing was written.',
                  hint = 'Run: pymap citus refresh';
    end if;
    return null;
end
$function$;

comment on function pymap_citus._require_cell() is
'Trigger. Refuses writes to a shard of media_items until the cell''s triggers exist (PM010). Citus copies it along with the shard.';

revoke all on function pymap_citus._require_cell() from public;
