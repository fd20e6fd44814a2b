create or replace function pymap._compare_external_id(p_left jsonb, p_right jsonb)
returns pymap.agreement
language sql
stable
parallel safe
return case
    when p_left = p_right then pymap.agreement 'agrees'
    when p_left @? '$[1]' or p_right @? '$[1]' then
        case
            when jsonb_path_exists(p_left, '$[*] ? (@ == $other[*])', jsonb_build_object('other', p_right)) then pymap.agreement 'overlaps'
            else pymap.agreement 'differs'
        end
    else pymap.agreement 'differs'
end;

comment on function pymap._compare_external_id(jsonb, jsonb) is
'Private. Whether the IDs that two things have from one source agree. Parameters: two sorted arrays of IDs.';

revoke all on function pymap._compare_external_id(jsonb, jsonb) from public;
grant execute on function pymap._compare_external_id(jsonb, jsonb) to pymap_reader;
