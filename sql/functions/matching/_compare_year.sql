create or replace function pymap._compare_year(p_left pymap.description, p_right pymap.description)
returns pymap.agreement
language sql
immutable
parallel safe
return case
    -- A numbered part has the year of what it is part of.
    when (p_left).number is not null or (p_right).number is not null then null
    when (p_left).release_year is null and (p_right).release_year is null then 'both unknown'
    when (p_left).release_year is null or (p_right).release_year is null then 'one unknown'
    when (p_left).release_year = (p_right).release_year then 'agrees'
    when abs((p_left).release_year - (p_right).release_year) = 1 then 'one off'
    when (p_left).release_year <> (p_right).release_year then 'differs'
end::pymap.agreement;

comment on function pymap._compare_year(pymap.description, pymap.description) is
'Private. Whether two years agree; NULL, which says nothing, for numbered parts.';

revoke all on function pymap._compare_year(pymap.description, pymap.description) from public;
grant execute on function pymap._compare_year(pymap.description, pymap.description) to pymap_reader;
