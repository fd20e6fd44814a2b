begin;
select plan(5);

select is(
    pymap.items_from_response('plex', '{"MediaContainer": {"size": 1, "Metadata": [{"ratingKey": "1", "type": "movie", "title": "Alien"}]}}'),
    '[{"itemId": "1", "type": "movie", "title": "Alien"}]',
    'The reader is chosen by client type'
);
select is(
    array(
        select jsonb_array_length(pymap.items_from_response(r.client_type, r.response::jsonb))
        from (values
            ('jellyfin', '{"Items": [{"Id": "a", "Type": "Movie"}]}'),
            ('emby', '{"Items": [{"Id": "a", "Type": "Movie"}]}'),
            ('kodi', '{"result": {"movies": [{"movieid": 1, "label": "Alien"}]}}'),
            ('subsonic', '{"subsonic-response": {"status": "ok", "searchResult3": {"song": [{"id": "s"}]}}}'),
            ('trakt', '[{"movie": {"ids": {"trakt": 1}}}]')
        ) as r (client_type, response)
    ),
    array[1, 1, 1, 1, 1],
    'Every client type that has a reader is read by it'
);
select is(
    pymap.items_from_response('stash', '[{"itemId": "1", "type": "movie"}]'),
    '[{"itemId": "1", "type": "movie"}]',
    'A client type without a reader hands over items'
);
select throws_ok(
    $$select pymap.items_from_response('stash', '{"movies": []}')$$,
    '22023', null, 'And nothing else'
);
select throws_ok(
    $$select pymap.items_from_response('Plex', '[]')$$,
    '22023', null, 'A client type is a lower-case word'
);

select * from finish();
rollback;
