create or replace function pymap._unusable_entry(p_entry jsonb, p_type text, p_keys text[], p_problem text default null)
returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_id constant jsonb := p_entry -> p_keys[1];
    v_type constant text := left((p_entry -> p_keys[2])::text, 100);
    v_problem constant text := coalesce(p_problem, case
        when jsonb_typeof(p_entry) <> 'object' then
            format('The entry is not an object but %s.', pymap._json_summary(p_entry))
        when p_type is null then
            case when v_type <> 'null' then format('The type %s has no pymap media type.', v_type)
            else format('The entry has no type: %s is missing.', p_keys[2]) end
        when pymap._json_text(v_id) is null then
            format('The entry has no ID: %s is %s.', p_keys[1], coalesce(pymap._json_summary(v_id), 'missing'))
    end);
begin
    if v_problem is null then
        return null;
    end if;

    return jsonb_build_object('error', v_problem, 'entry', case jsonb_typeof(p_entry)
        when 'object' then (
            select coalesce(jsonb_object_agg(k.key, p_entry -> k.key), '{}')
            from unnest(p_keys) as k(key)
            where p_entry ? k.key
        )
        else p_entry
    end);
end
$function$;

comment on function pymap._unusable_entry(jsonb, text, text[], text) is
$comment$Private. Replaces an entry that cannot be an item: {"error": one sentence, "entry": the entry cut down to
p_keys}. NULL if the entry is usable. Parameters: p_keys, the keys of the entry's ID, of its type and of other fields
that help to recognise it, in this order; p_type, its media type, NULL if it has none; p_problem, a problem that the
reader has found itself, which comes first.$comment$;

revoke all on function pymap._unusable_entry(jsonb, text, text[], text) from public;
grant execute on function pymap._unusable_entry(jsonb, text, text[], text) to pymap_reader;
