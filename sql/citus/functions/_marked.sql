create or replace function pymap_citus._marked(p_text text, p_tables text[], p_own text[])
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_table constant text := chr(1);
    c_cell constant text := chr(2);
begin
    return (
        select string_agg(
            case
                when t.word[2] = any (p_tables) then format('''%s%s%s''', c_table, t.word[2], c_table)
                when t.word[3] = any (p_tables) then c_table || t.word[3] || c_table
                when t.word[3] = any (p_own) then c_cell || '.' || t.word[3]
                else t.word[1]
            end,
            '' order by t.position
        )
        from regexp_matches(
            p_text,
            '(--[^\n]*'
            -- The identity's sequence belongs to the table, not to its shards.
            '|pg_get_serial_sequence\(''[^'']*'''
            -- A string that is nothing but a table's name is a regclass; in any other string a name is prose.
            '|''pymap\.([a-z_0-9]+)'''
            '|''(?:[^'']|'''')*'''
            '|\mpymap\.([a-z_0-9]+)'
            '|[^-''p]+|.)',
            'g'
        ) with ordinality as t (word, position)
    );
end
$function$;

comment on function pymap_citus._marked(text, text[], text[]) is
'Private. SQL with marks in place of the names of pymap''s tables, and of the schema before its functions and types.';

revoke all on function pymap_citus._marked(text, text[], text[]) from public;
