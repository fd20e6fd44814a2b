-- At the one isolation level at which a sync neither sees the latest state nor fails with 40001.
begin isolation level repeatable read;

select plan(19);

select matches(
    helpers.refusal_in_full(s.statement), '^0A000\|' || s.function || ' .*REPEATABLE READ.*\|.+\|.*READ COMMITTED.*', 'REPEATABLE READ: 0A000 names the function and the isolation levels to use: ' || s.function
)
from (values
    ('select * from pymap.sync_client_items(1, ''plex'', ''[]'')', 'sync_client_items'), ('select pymap.begin_client_sync(1, ''plex'')', 'begin_client_sync'),
    ('select * from pymap.apply_client_sync(1, ''plex'')', 'apply_client_sync'), ('select pymap.remove_client(1)', 'remove_client'),
    ('select pymap.merge_media_items(1, 2)', 'merge_media_items'), ('select pymap.mark_distinct(1, 2)', 'mark_distinct'),
    ('select pymap.split_media_item(1, ''[]'')', 'split_media_item'), ('select pymap.undo(1)', 'undo'), ('select pymap.rebuild_lookup()', 'rebuild_lookup')
) as s (statement, function);
select matches(
    helpers.refusal_in_full('select * from pymap.sync_client_items(1, ''plex'', ''[]'', p_dry_run => true)'), '^0A000\|.+', 'Also a dry run'
);
select is(helpers.refusal_in_full(s.statement), 'no error', 'What only looks up, or maps single items and batches, may: ' || s.statement)
from (values
    ('select pymap.get_or_create_mapping(1, ''plex'', ''a'', ''movie'', null)'), ('select * from pymap.get_or_create_mappings(1, ''plex'', ''[{"itemId": "b", "type": "movie"}]'')'),
    ('select * from pymap.get_review_candidates()'), ('select pymap.resolve_media_item(pymap.get_media_item_by_client_id(1, ''a''))'),
    ('select * from pymap.find_duplicates()'), ('select * from pymap.changes_since(0)'), ('select * from pymap.history(1)'), ('select * from pymap.stats()'),
    ('select * from pymap.check_integrity()')
) as s (statement);

select * from finish();

rollback;
