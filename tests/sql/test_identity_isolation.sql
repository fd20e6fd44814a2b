-- At the isolation level that promises most: what others write meanwhile is not seen there either.
begin isolation level serializable;

select plan(14);

select matches(
    helpers.refusal_in_full(format('select * from pymap.%s(%s)', f.function, f.arguments)), '^0A000\|' || f.function || ' .*SERIALIZABLE.*\|.+\|.*READ COMMITTED.*',
    'SERIALIZABLE: 0A000 names the function and the isolation level to use: ' || f.function
)
from (values
    ('merge_media_items', '1, 2'), ('mark_distinct', '1, 2'), ('split_media_item', '1, ''[]'''), ('undo', '1'), ('rebuild_lookup', ''),
    ('sync_client_items', '1, ''plex'', ''[]'''), ('remove_client', '1')
) as f (function, arguments);
select is(helpers.refusal_in_full('select * from pymap.' || f.call), 'no error', 'What only reads may: ' || f.call)
from (values
    ('find_duplicates()'), ('get_review_candidates()'), ('changes_since(0)'), ('history(1)'), ('stats()'), ('check_integrity()'), ('version()')
) as f (call);

select * from finish();

rollback;
