begin;

select plan(1);

select matches(pymap.version(), '^[0-9]+\.[0-9]+\.[0-9]+$', 'Three numbers');

select * from finish();

rollback;
