-- Without the database's locale, whose next version may fold differently.
create or replace function pymap._folded(p_text text)
returns text
language sql
immutable
parallel safe
return case
    -- Most texts are ASCII, for which there is nothing to look up.
    when octet_length(p_text) = length(p_text) then lower(p_text collate "C")
    else replace(
        translate(
            lower(normalize(p_text, nfkd) collate "C"),
            'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЄҐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςØøŁłĐđÐðÞþÆŒıẞ×',
            'абвгдежзиклмнопрстуфхцчшщъыьэюяієґαβγδεζηθικλμνξοπρστυφχψωσoollddddþþæœißx'
        ),
        'ß', 'ss'
    )
end;

comment on function pymap._folded(text) is
'Private. A text in one Unicode form and in lower case.';

revoke all on function pymap._folded(text) from public;
grant execute on function pymap._folded(text) to pymap_reader, pymap_writer;
