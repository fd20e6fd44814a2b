create or replace function pymap._plain_title(p_title text)
returns text
language sql
immutable
parallel safe
return case
    when p_title ~ '[])}]' then coalesce(
        nullif(btrim(regexp_replace(
            regexp_replace(p_title, '\s*[[{](imdb|tmdb|tvdb|anidb|tvmaze|trakt|edition)(id)?[-=:][^]}]*[]}]', '', 'gi'),
            '\s*\((18|19|20|21)[0-9]{2}\)\s*$', ''
        )), ''),
        p_title
    )
    else nullif(btrim(p_title), '')
end;

comment on function pymap._plain_title(text) is
'Private. A title without what the naming conventions of media libraries put into it: (2020) at its end, {imdb-tt…}, '
'[tmdbid-…], {edition-…}; NULL where nothing is left but blanks.';

revoke all on function pymap._plain_title(text) from public;
grant execute on function pymap._plain_title(text) to pymap_reader;
