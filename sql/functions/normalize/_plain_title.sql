create or replace function pymap._plain_title(p_title text)
returns text
language sql
immutable
parallel safe
return case
    when p_title ~ '[])}]' then coalesce(
        nullif(btrim(regexp_replace(
            regexp_replace(
                p_title,
                '[[:space:]]*(?:'
                    '[[{](?:imdb|tmdb|tvdb|anidb|tvmaze|trakt|edition)[0-9]?(?:id)?[-=:][^]}]*[]}]'
                    '|[[{(](?:imdb|tmdb|tvdb|anidb|tvmaze|trakt|tvrage|anilist|mal|kitsu)[0-9]?(?:id)?[-=:](?:tt)?[0-9]+[]})]'
                    ')',
                '', 'gi'
            ),
            '[[:space:]]*[(](18|19|20|21)[0-9]{2}[)][[:space:]]*$', ''
        )), ''),
        p_title
    )
    else nullif(btrim(p_title), '')
end;

comment on function pymap._plain_title(text) is
'Private. A title without what the naming conventions of media libraries add to it: (2020) at its end, {imdb-tt…}, '
'[tmdbid-…], [tvdb5-…], (tvdb-…), {edition-…}. NULL if only blanks are left.';

revoke all on function pymap._plain_title(text) from public;
grant execute on function pymap._plain_title(text) to pymap_reader;
