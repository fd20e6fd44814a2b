create or replace function pymap_citus._cell_script(p_cell text, p_shards jsonb, p_template text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_script text := replace(p_template, chr(2), quote_ident(p_cell));
    v_table record;
begin
    for v_table in select s.key, s.value from jsonb_each_text(p_shards) as s loop
        v_script := replace(v_script, chr(1) || v_table.key || chr(1), v_table.value);
    end loop;
    if strpos(v_script, chr(1)) > 0 then
        raise exception 'cell % has no shard of table %', p_cell, split_part(v_script, chr(1), 2)
            using errcode = 'object_not_in_prerequisite_state',
                  hint = 'All tables of pymap have to be distributed, in one co-location group: pymap citus convert';
    end if;
    return v_script;
end
$function$;

comment on function pymap_citus._cell_script(text, jsonb, text) is
'Private. The script that makes a cell. Parameters: its name; {"media_items": "pymap.media_items_102008", …}; the template.';

revoke all on function pymap_citus._cell_script(text, jsonb, text) from public;
