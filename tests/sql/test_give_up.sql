begin;
select plan(3);

select throws_ok('select pymap._give_up()', '40001', null, 'A loop that never wins ends in an error that asks for a retry');

-- Damage that no session can mend by trying again: a lookup row whose media item does not exist.
set local session_replication_role = replica;
insert into pymap.external_ids (source, external_id, media_type, slot, media_item_id) values ('imdb', 'tt0078748', 'movie', 0, 999999999);
insert into pymap.client_items (client_id, client_item_id, media_type, media_item_id) values (1, 'a', 'movie', 999999999);
set local session_replication_role = origin;
select lives_ok(
    $$select pymap.get_or_create_mapping(1, 'plex', 'b', 'movie', 'Alien', '{}', '{"imdb": "tt0078748"}')$$,
    'A single call passes a damaged external ID by'
);
select lives_ok(
    $$select * from pymap.get_or_create_mappings(1, 'plex', '[{"itemId": "c", "type": "movie", "externalIds": {"imdb": "tt0078748"}}]')$$,
    'And so does a batch'
);

select * from finish();
rollback;
