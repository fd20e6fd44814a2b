-- A single call, a batch and a sync come to the same decision; what they are asked here, external IDs bear.
begin;

select plan(24);

-- What client 1 has.
do $$ begin perform pymap.sync_client_items(1, 'plex', '[
    {"itemId": "ran", "type": "movie", "title": "Ran", "year": 1985, "externalIds": {"imdb": "tt0089881", "tmdb": "11645"}},
    {"itemId": "yojimbo", "type": "movie", "title": "Yojimbo", "year": 1961, "externalIds": {"imdb": "tt0055630", "tmdb": "11878"}},
    {"itemId": "ikiru", "type": "movie", "title": "Ikiru", "year": 1952, "externalIds": {"imdb": "tt0044741", "tmdb": "3782", "tvdb": "1001"}},
    {"itemId": "dersu", "type": "movie", "title": "Dersu Uzala", "year": 1975, "externalIds": {"radarr": "5"}},
    {"itemId": "queen", "type": "artist", "title": "Queen", "externalIds": {"musicbrainz": "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"}}
]'); end $$;

create function pg_temp.name_of(p_media_item_id bigint) returns text language sql as $$
    select coalesce(min(c ->> 'itemId'), 'another')
    from pymap.media_items as i, jsonb_array_elements(i.sync_clients) as c
    where i.id = p_media_item_id and c ->> 'clientId' = '1'
$$;

-- What an entry of client 2 is taken for, by the way that it comes; nothing is left of it.
create function pg_temp.taken_for(p_way text, p_item jsonb, out answer text) language plpgsql as $$
begin
    p_item := '{"itemId": "x", "type": "movie"}'::jsonb || p_item;
    answer := pg_temp.name_of(case p_way
        when 'call' then pymap.get_or_create_mapping(
            2, 'emby', 'x', p_item ->> 'type', p_item ->> 'title', '{}', p_item -> 'externalIds', (p_item ->> 'year')::integer
        )
        when 'batch' then (select m.media_item_id from pymap.get_or_create_mappings(2, 'emby', jsonb_build_array(p_item)) as m)
        when 'sync' then (select m.media_item_id from pymap.sync_client_items(2, 'emby', jsonb_build_array(p_item)) as m)
    end);
    raise sqlstate 'UNDO0';
exception
    when sqlstate 'UNDO0' then null;
end
$$;

select is(pg_temp.taken_for(w.way, s.item::jsonb), s.expected, format('%s, by a %s', s.description, w.way))
from (values
    ('{"title": "Ran", "year": 1985, "externalIds": {"imdb": "tt0089881", "tmdb": "11646"}}', 'ran', 'One ID, title and year outweigh another ID'),
    ('{"title": "Vivre", "year": 1952, "externalIds": {"imdb": "tt0044741", "tmdb": "3782", "tvdb": "1002"}}', 'ikiru', 'Two IDs and the year outweigh another ID and the French title'),
    ('{"title": "Ran", "year": 1985, "externalIds": {"imdb": "tt0055630", "tmdb": "11645"}}', 'ran', 'Nor does it matter whose ID the wrong one is'),
    ('{"title": "Chaos", "year": 1985, "externalIds": {"imdb": "tt0089881"}}', 'ran', 'An ID and the year outweigh the title'),
    ('{"title": "Yojimbo", "year": 1999, "externalIds": {"imdb": "tt0055630"}}', 'yojimbo', 'An ID and the title outweigh the year'),
    ('{"title": "Kagemusha", "year": 1980, "externalIds": {"imdb": "tt0089881"}}', 'another', 'Title and year outweigh an ID'),
    ('{"title": "Rhapsody in August", "year": 1991, "externalIds": {"radarr": "5"}}', 'another', 'A number that a program counts for itself is no evidence'),
    ('{"type": "artist", "title": "Queen & David Bowie", "externalIds": {"musicbrainz": ["0383dadf-2a4e-4d10-a46a-e9e041da8eb3", "5441c29d-3602-4898-b1a1-b77fa23b8e50"]}}', 'another', 'Two artists in one credit are neither of them')
) as s (item, expected, description)
cross join unnest('{call,batch,sync}'::text[]) with ordinality as w (way, n)
order by s.description, w.n;

select * from finish();
rollback;
