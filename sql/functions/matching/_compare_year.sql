create or replace function pymap._compare_year(p_left pymap.description, p_right pymap.description)
returns pymap.agreement
language sql
immutable
parallel safe
return case
    -- A numbered part has the year of what it is part of.
    when (p_left).number is not null or (p_right).number is not null then null
    when (p_left).release_year is null and (p_right).release_year is null then pymap.agreement 'both unknown'
    when (p_left).release_year is null or (p_right).release_year is null then pymap.agreement 'one unknown'
    when (p_left).release_year = (p_right).release_year then pymap.agreement 'agrees'
    when abs((p_left).release_year - (p_right).release_year) = 1 then pymap.agreement 'one off'
    when (p_left).release_year <> (p_right).release_year then pymap.agreement 'differs'
end;

comment on function pymap._compare_year(pymap.description, pymap.description) is
'Private. Whether two years agree. NULL, which has no weight, for numbered parts.';

revoke all on function pymap._compare_year(pymap.description, pymap.description) from public;
grant execute on function pymap._compare_year(pymap.description, pymap.description) to pymap_reader;
