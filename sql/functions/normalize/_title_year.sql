create or replace function pymap._title_year(p_title text)
returns integer
language sql
immutable
parallel safe
return case
    when p_title !~ '[(](18|19|20|21)[0-9]{2}[)]' then null
    when right(btrim(p_title), 8) ~ '[^[:space:]] ?[(](18|19|20|21)[0-9]{2}[)]$'
    then left(right(btrim(p_title), 5), 4)::integer
    -- Tags stand behind the year.
    else substring(
        p_title from
        '^.*[^[:space:]].*[(]((?:18|19|20|21)[0-9]{2})[)][[:space:]]*'
        '(?:(?:[[{][^]}]*[]}]'
        '|[(](?:imdb|tmdb|tvdb|anidb)[a-z0-9]*[-=:](?:tt)?[0-9]+[)]'
        ')[[:space:]]*)*$'
    )::integer
end;

comment on function pymap._title_year(text) is
'Private. The year in parentheses at the end of a title, before any {imdb-tt…}; NULL if there is none.';

revoke all on function pymap._title_year(text) from public;
grant execute on function pymap._title_year(text) to pymap_reader;
