-- A session with pymap.tenant_id set sees and writes that tenant only. The setting is read once for a query.
-- Where the policies are there already nothing is locked.
do $row_level_security$
declare
    v_table text;
begin
    foreach v_table in array array[
        'media_items', 'clients', 'client_items', 'external_ids', 'review_candidates', 'mapping_events', 'distinct_pairs',
        'locks'
    ] loop
        if not exists (
            select
            from pg_policies as p
            where p.schemaname = 'pymap' and p.tablename = v_table and p.policyname = 'tenant_isolation'
        ) then
            execute format('alter table pymap.%I enable row level security', v_table);
            execute format(
                $policy$
                create policy tenant_isolation on pymap.%I
                using (tenant_id = coalesce((select pymap._session_tenant()), tenant_id))
                $policy$,
                v_table
            );
        end if;
    end loop;
end
$row_level_security$;
