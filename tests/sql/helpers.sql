-- What the tests share. tests/pgtap.py loads it beside pgTAP; before pg_prove: psql --file=tests/sql/helpers.sql
create schema if not exists helpers;
grant usage on schema helpers to public;

-- SQLSTATE, message, DETAIL and HINT of what a statement is refused with; nothing of it is left.
create or replace function helpers.refusal_in_full(p_statement text) returns text language plpgsql as $$
declare
    v_detail text;
    v_hint text;
begin
    execute p_statement;
    return 'no error';
exception when others then
    get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    return concat_ws('|', sqlstate, sqlerrm, v_detail, v_hint);
end
$$;

-- The same without the message.
create or replace function helpers.refusal(p_statement text) returns text language plpgsql as $$
declare
    v_detail text;
    v_hint text;
begin
    execute p_statement;
    return 'no error';
exception when others then
    get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    return concat_ws('|', sqlstate, v_detail, v_hint);
end
$$;

-- What a statement answers as pymap_writer, or its SQLSTATE.
create or replace function helpers.as_writer(p_statement text) returns text language plpgsql as $$
declare
    v_answer text;
    v_count bigint;
begin
    set local role pymap_writer;
    if p_statement ~ '^insert' then
        execute p_statement;
        get diagnostics v_count = row_count;
    else
        execute p_statement into v_answer;
    end if;
    reset role;
    return coalesce(v_answer, v_count || ' rows');
exception
    when others then return sqlstate;
end
$$;
