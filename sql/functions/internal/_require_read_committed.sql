create or replace function pymap._require_read_committed(p_function text, p_reason text)
returns void
language plpgsql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $function$
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        raise exception '% cannot run in a % transaction', p_function, upper(current_setting('transaction_isolation'))
            using errcode = 'feature_not_supported',
                  detail = p_reason,
                  hint = 'Use READ COMMITTED.';
    end if;
end
$function$;

comment on function pymap._require_read_committed(text, text) is
'Private. Raises 0A000 at isolation levels that hide the latest committed state from functions that need it. '
'SERIALIZABLE is one of them: it notices only conflicts with other SERIALIZABLE transactions.';

revoke all on function pymap._require_read_committed(text, text) from public;
