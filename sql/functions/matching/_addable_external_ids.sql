create or replace function pymap._addable_external_ids(p_known jsonb, p_told jsonb)
returns jsonb
language plpgsql
immutable
parallel safe
as $function$
begin
    return (
        select coalesce(jsonb_agg(distinct t.element), '[]')
        from jsonb_array_elements(pymap._new_external_ids(p_known, p_told)) as t (element)
        where not pymap._external_ids_contradict(
            p_known, jsonb_path_query_array(
                p_told, '$[*] ? (@.source == $source)', jsonb_build_object('source', t.element -> 'source')
            )
        )
    );
end
$function$;

comment on function pymap._addable_external_ids(jsonb, jsonb) is
'Private. The external IDs of the second canonical array that the first one does not have and does not contradict.';

revoke all on function pymap._addable_external_ids(jsonb, jsonb) from public;
