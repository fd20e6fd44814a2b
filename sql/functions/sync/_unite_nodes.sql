create or replace function pymap._unite_nodes(p_evidence text)
returns void
language plpgsql
as $function$
begin
    delete from pg_temp.pymap_links as l where l.key = any (array(select pymap._contested_keys()));
    perform pymap._group_nodes();
    perform pymap._decide_entries(p_evidence);
end
$function$;

comment on function pymap._unite_nodes(text) is
'Private. Unites nodes that share a key in pg_temp.pymap_links, unless its holders contradict each other.';

revoke all on function pymap._unite_nodes(text) from public;
