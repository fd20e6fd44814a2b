create or replace function pymap._compare_title(p_left pymap.description, p_right pymap.description)
returns pymap.agreement
language sql
immutable
parallel safe
return case
    when (p_left).title_key <> (p_right).title_key then
        case
            -- Episode 39 and Episode 1124 of one series differ in their numbers, which count already.
            when (p_left).parent_id = (p_right).parent_id
                 and (p_left).parent_number is not null and (p_right).parent_number is not null
                 and regexp_replace((p_left).title_key, '[^0-9]', '', 'g') = (p_left).number::text
                 and regexp_replace((p_right).title_key, '[^0-9]', '', 'g') = (p_right).number::text
            then null
            else pymap.agreement 'differs'
        end
    when (p_left).title_key = (p_right).title_key then
        case
            when (p_left).parent_id = (p_right).parent_id and (p_left).number is not null and (p_right).number is not null
                 and (p_left).title_is_unique and (p_right).title_is_unique
                 -- The intro of each disc, the pilot of each season: a server may have one of them only.
                 and ((p_left).number = (p_right).number and (p_left).parent_number <> (p_right).parent_number) is not true
            then pymap.agreement 'unique'
            -- Most are the same, and need no folding.
            when (p_left).title = (p_right).title or pymap._folded((p_left).title) = pymap._folded((p_right).title)
            then pymap.agreement 'spelled alike'
            else pymap.agreement 'agrees'
        end
end;

comment on function pymap._compare_title(pymap.description, pymap.description) is
'Private. Whether two folded titles agree. The outcome is unique if both belong to numbered parts of the same parent '
'and neither has a sibling of that title, unless the two have the same number in different seasons or on different '
'discs. NULL if two titles of one parent differ and only repeat the numbers.';

revoke all on function pymap._compare_title(pymap.description, pymap.description) from public;
grant execute on function pymap._compare_title(pymap.description, pymap.description) to pymap_reader;
