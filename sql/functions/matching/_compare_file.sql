create or replace function pymap._compare_file(p_left pymap.description, p_right pymap.description)
returns pymap.agreement
language sql
immutable
parallel safe
return case
    when (p_left).path_key = (p_right).path_key
         -- If one server knows fewer components, those are compared.
         or starts_with((p_left).path_key, (p_right).path_key || '/')
         or starts_with((p_right).path_key, (p_left).path_key || '/')
    then pymap.agreement 'agrees'
end;

comment on function pymap._compare_file(pymap.description, pymap.description) is
'Private. Whether the last components of two file paths agree. NULL, which has no weight, if they do not.';

revoke all on function pymap._compare_file(pymap.description, pymap.description) from public;
grant execute on function pymap._compare_file(pymap.description, pymap.description) to pymap_reader;
