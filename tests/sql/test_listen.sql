-- LISTEN itself takes effect when a transaction commits: here it does not.
begin;

select plan(4);

create function pg_temp.locks() returns bigint language sql as $$
    select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and mode = 'ShareLock' and granted
$$;

select is(pg_temp.locks(), 0::bigint, 'Nobody listens');
select is(pymap.listen()::text, '', 'A session listens to the changes of its tenant');
select is(pymap.listen(p_tenant_id => 1)::text, '', 'And of another one; argument by name');
select is(pg_temp.locks(), 2::bigint, 'Those who write see it');
select pg_advisory_unlock_all();

select * from finish();

rollback;
