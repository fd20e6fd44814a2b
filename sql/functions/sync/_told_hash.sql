create or replace function pymap._told_hash(p_item jsonb)
returns bigint
language sql
immutable
parallel safe
return hashtextextended((p_item - 'data')::text, 0);

comment on function pymap._told_hash(jsonb) is
'Private. A hash of all that a client reports of an item. The hash leaves out data, which is the application''s own.';

revoke all on function pymap._told_hash(jsonb) from public;
