begin;

select plan(27);

do $$
begin
    perform pymap.sync_client_items(1, 'plex', '[
        {"itemId": "g", "type": "movie", "title": "The Godfather", "year": 1972, "externalIds": {"imdb": "tt0068646"}, "path": "/films/The Godfather (1972)/Godfather.mkv"},
        {"itemId": "s", "type": "series", "title": "Lost", "year": 2004, "externalIds": {"tvdb": 73739}},
        {"itemId": "e", "type": "episode", "title": "Pilot", "parentItemId": "s", "seasonNumber": 1, "episodeNumber": 2}
    ]');
    perform pymap.sync_client_items(2, 'emby', '[
        {"itemId": "p", "type": "movie", "title": "Der Pate", "year": 1972, "externalIds": {"imdb": "tt0068646", "tmdb": 238}}
    ]');
    perform pymap.link_client_item(pymap.get_media_item_by_client_id(1, 'g'), 2, 'emby', 'linked');
    perform pymap.sync_client_items(7, 'kodi', '[{"itemId": "1", "type": "movie", "title": "The Godfather", "year": 1972}]', p_tenant_id => 1);
end
$$;
create function pg_temp.item(p_client_item_id text) returns bigint language sql as $$
    select c.media_item_id from pymap.client_items as c where c.tenant_id = 0 and c.client_item_id = p_client_item_id
$$;
insert into pymap.media_items (id, type, title, merged_into) values (900000001, 'movie', 'Godfather', pg_temp.item('g'));

insert into pymap.media_items (id, type, title, release_year) values
    (900000010, 'movie', 'The Matrix', 1999), (900000011, 'movie', 'The Matrix Reloaded', 2003), (900000012, 'movie', 'Matrix', 1993),
    (900000013, 'series', 'Threat Matrix', 2003), (900000014, 'movie', 'WALL·E', 2008), (900000015, 'movie', 'Amélie', 2001), (900000016, 'movie', '100%', 2000);
create function pg_temp.found(p_title text, p_media_type text default null, p_limit bigint default 20) returns text language sql as $$
    select string_agg(f.title || ' ' || f.agreement, ', ' order by f.position)
    from rows from (pymap.search_media_items(p_title, p_media_type, p_limit)) with ordinality
        as f (media_item_id, media_type, title, release_year, parent_id, parent_title, found_title, agreement, position)
$$;

select results_eq(
    $$select * from pymap.search_media_items(p_limit => 1, p_media_type => 'movie', p_title => 'the matrix', p_tenant_id => 0)$$,
    $$values (900000010::bigint, 'movie', 'The Matrix', 1999, null::bigint, null::text, 'The Matrix', 'equal')$$, 'One whose title is equal; arguments by name'
);
select is(pg_temp.found(r.title, r.media_type, r.max), r.found, r.description)
from (values
    ('matrix', null, 20, 'Matrix equal, The Matrix contains, Threat Matrix contains, The Matrix Reloaded contains', 'What is equal, then what contains it, the shortest first'),
    ('the matrix', null, 20, 'The Matrix equal, The Matrix Reloaded begins', 'What begins so'), ('matrix', 'series', 20, 'Threat Matrix contains', 'Of one media type'),
    ('matrix', null, 2, 'Matrix equal, The Matrix contains', 'No more than asked for'), ('matrix', null, 1, 'Matrix equal', 'No more than asked for, all by the index'),
    ('matrix', null, null, 'Matrix equal, The Matrix contains, Threat Matrix contains, The Matrix Reloaded contains', 'All'),
    ('  THE   matrix!', null, 20, 'The Matrix equal, The Matrix Reloaded begins', 'No case, punctuation or spaces'), ('wall-e', null, 20, 'WALL·E equal', 'No dashes'),
    ('AMELIE', null, 20, 'Amélie equal', 'No accents'), ('The Matrix (1999)', null, 20, 'The Matrix equal, The Matrix Reloaded begins', 'No year'),
    ('The Matrix {imdb-tt0133093}', null, 20, 'The Matrix equal, The Matrix Reloaded begins', 'No IDs'), ('100', null, 20, '100% equal', 'Symbols are not searched'),
    ('%', null, 20, null, 'They have no meaning either'), ('pilot', null, 20, 'Pilot equal', 'A part, which has a number'), ('ilo', 'episode', 20, 'Pilot contains', 'The middle of one'),
    ('no such thing', null, 20, null, 'Nothing')
) as r (title, media_type, max, found, description);
select results_eq(
    $$select media_item_id, title, found_title, agreement from pymap.search_media_items('der pat')$$,
    $$values (pg_temp.item('g'), 'The Godfather', 'Der Pate', 'begins')$$, 'What a client calls it'
);
select results_eq($$select parent_id, parent_title from pymap.search_media_items('pilot')$$, $$values (pg_temp.item('s'), 'Lost')$$, 'What it is part of');
select results_eq(
    $$select media_item_id from pymap.search_media_items('godfather')$$, $$values (pg_temp.item('g'))$$, 'One that was merged into another is not found'
);
select is((select count(*) from pymap.search_media_items('the godfather', p_tenant_id => 1)), 1::bigint, 'Another tenant finds its own');
select is_empty($$select from pymap.search_media_items('matrix', p_tenant_id => 1)$$, 'And nothing else');
select matches(helpers.refusal(format('select * from pymap.search_media_items(%s)', b.arguments)), b.refusal, 'Refused: ' || b.problem)
from (values
    ('null', '^22023\|p_title is NULL\.\|.+', 'no title'), ($$''$$, '^22023\|p_title is ''''\.\|.+', 'an empty one'),
    ($$'x', 'film'$$, '^22023\|p_media_type is ''film''\.\|.+', 'a media type that does not exist'), ($$'x', null, 0$$, '^22023\|p_limit is ''0''\.\|.+', 'no limit'),
    ($$'x', null, 1, null$$, '^22023\|p_tenant_id is NULL\.\|.+', 'no tenant')
) as b (arguments, refusal, problem);

select * from finish();

rollback;
