create or replace function pymap._match_weight(p_evidence text, p_outcome text)
returns integer
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    return (select w.weight from pymap.match_weights as w where w.evidence = p_evidence and w.outcome = p_outcome);
end
$function$;

comment on function pymap._match_weight(text, text) is 'Private. One weight, or one threshold, of pymap.match_weights.';

revoke all on function pymap._match_weight(text, text) from public;
grant execute on function pymap._match_weight(text, text) to pymap_reader;
