create or replace function pymap._title_year(p_title text)
returns integer
language sql
immutable
parallel safe
return case
    when p_title ~ '[(](18|19|20|21)[0-9]{2}[)]'
    then substring(
        p_title from
        '^.*[^[:space:]].*[(]((?:18|19|20|21)[0-9]{2})[)][[:space:]]*'
        '(?:(?:[[{][^]}]*[]}]'
        '|[(](?:[Ii][Mm][Dd][Bb]|[Tt][Mm][Dd][Bb]|[Tt][Vv][Dd][Bb]|[Aa][Nn][Ii][Dd][Bb])[0-9]?(?:[Ii][Dd])?[-=:](?:tt)?[0-9]+[)]'
        ')[[:space:]]*)*$'
    )::integer
end;

comment on function pymap._title_year(text) is
'Private. The year in parentheses at the end of a title, before any {imdb-tt…}; NULL where there is none.';

revoke all on function pymap._title_year(text) from public;
grant execute on function pymap._title_year(text) to pymap_reader;
