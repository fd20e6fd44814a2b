begin;

select plan(19);

insert into pymap.media_items (id, type, external_ids) values
    (101, 'movie', '[{"source": "tmdb", "id": "603"}, {"source": "imdb", "id": "tt0133093"}, {"source": "imdb", "id": "tt10838180"}]'),
    (102, 'movie', '[{"source": "imdb", "id": "tt0133093"}]'),
    (103, 'series', '[{"source": "tmdb", "id": "603"}, {"source": "tmdb", "id": "604"}]'),
    (104, 'album', '[{"source": "musicbrainz", "id": "b1a9c0e9-d987-4042-ae91-78d6a3267d69"}]');

-- Everything below runs where nothing can be written.
set transaction read only;

select results_eq(
    $$select * from pymap.get_media_items_by_external_id('tmdb', '603')$$, $$values (101::bigint), (103)$$,
    'Every media item with the ID, in a READ ONLY transaction'
);
select results_eq(
    $$select pymap.get_media_items_by_external_id(p_source => 'tmdb', p_external_id => '603', p_media_type => 'series')$$,
    $$values (103::bigint)$$, 'TMDB numbers films and series separately: one media type only; arguments by name'
);
select results_eq(
    $$select * from pymap.get_media_items_by_external_id('imdb', 'tt0133093', 'movie')$$, $$values (101::bigint), (102)$$,
    'Two media items can share an ID'
);
select results_eq(
    $$select * from pymap.get_media_items_by_external_id('imdb', 'tt10838180')$$, $$values (101::bigint)$$,
    'A media item can have two IDs of one source'
);
select results_eq(
    format('select * from pymap.get_media_items_by_external_id(%L, %L)', s.source, s.id), format('values (%s::bigint)', s.found),
    format('Any spelling: %s %s', s.source, s.id)
)
from (values
    ('IMDB', '10838180', 101), ('com.plexapp.agents.imdb', ' TT10838180 ', 101), ('TheMovieDb', '00604.0', 103),
    ('MusicBrainzAlbum', 'B1A9C0E9-D987-4042-AE91-78D6A3267D69', 104)
) as s (source, id, found);
select is_empty($$select * from pymap.get_media_items_by_external_id('imdb', 'tt9999999')$$, 'None for an ID that no item has');
select is_empty($$select * from pymap.get_media_items_by_external_id('tvdb', '603')$$, 'None for the ID of another source');
select is_empty($$select * from pymap.get_media_items_by_external_id('TmdbCollection', '603')$$, 'None for the ID of a collection');
select is_empty($$select * from pymap.get_media_items_by_external_id('tmdb', '603', 'movie', 1)$$, 'None of another tenant');
select is_empty(
    format('select * from pymap.get_media_items_by_external_id(%L, %L)', p.source, p.id), format('None for a placeholder: %L', p.id)
)
from (values ('tmdb', '0'), ('imdb', ''), ('tmdb', null), ('imdb', 'unknown'), ('musicbrainz', '00000000-0000-0000-0000-000000000000')) as p (source, id);
select is_empty($$select * from pymap.get_media_items_by_external_id(null, '603')$$, 'None for no source');
select matches(
    helpers.refusal($$select * from pymap.get_media_items_by_external_id('tmdb', '603', 'film')$$),
    '^22023\|p_media_type is ''film''.*\|.+', 'Refused, with the argument and its value: a media type that is not known'
);

select * from finish();

rollback;
