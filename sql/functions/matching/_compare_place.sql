create or replace function pymap._compare_place(p_left pymap.description, p_right pymap.description)
returns pymap.agreement
language sql
immutable
parallel safe
return case
    -- Whatever the parents are: a series' ID on all of its episodes makes them no editions.
    when (p_left).number <> (p_right).number
         or (p_left).number = (p_right).number
            -- No disc means disc 1, no season season 1.
            and coalesce((p_left).parent_number, 1) <> coalesce((p_right).parent_number, 1)
    then pymap.agreement 'other place'
    when (p_left).parent_id <> (p_right).parent_id then pymap.agreement 'other parent'
    when (p_left).parent_id = (p_right).parent_id then
        case
            when (p_left).number is null or (p_right).number is null then pymap.agreement 'same parent'
            else pymap.agreement 'same place'
        end
end;

comment on function pymap._compare_place(pymap.description, pymap.description) is
'Private. Whether two parts have the same numbers below the same parent. NULL if a parent is not known and the numbers '
'do not differ.';

revoke all on function pymap._compare_place(pymap.description, pymap.description) from public;
grant execute on function pymap._compare_place(pymap.description, pymap.description) to pymap_reader;
