-- æ and its like, which Unicode does not decompose, by hand.
create or replace function pymap._title_key(p_title text)
returns text
language sql
immutable
parallel safe
return left(coalesce(
    nullif(
        regexp_replace(
            replace(replace(replace(pymap._folded(p_title), 'æ', 'ae'), 'œ', 'oe'), '&', 'and'),
            '[' || chr(1) || '-' || chr(47) || ':-`{-' || chr(191) || chr(247) || chr(688) || '-' || chr(879)
            || chr(8192) || '-' || chr(8303) || chr(8352) || '-' || chr(11263) || chr(12288) || '-' || chr(12351)
            || chr(12539) || chr(65024) || '-' || chr(65039) || ']+',
            '', 'g'
        ),
        ''
    ),
    lower(p_title collate "C")
), 250);

comment on function pymap._title_key(text) is
'Private. A title folded for comparison: without case, accents, punctuation and spaces, at most 250 characters. A title '
'that has only symbols stays as it is.';

revoke all on function pymap._title_key(text) from public;
grant execute on function pymap._title_key(text) to pymap_reader, pymap_writer;
