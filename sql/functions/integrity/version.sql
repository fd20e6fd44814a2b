create or replace function pymap.version()
returns text
language sql
immutable
parallel safe
return '0.2.0';

comment on function pymap.version() is
'The version of the installed functions, such as ''0.2.0''.';

revoke all on function pymap.version() from public;
grant execute on function pymap.version() to pymap_reader;
