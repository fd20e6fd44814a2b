<?php
// php lookup.php 2 008CD489-05DA-A765-5315-FE380D46A313 1      (extension pgsql)
[, $client, $itemId, $toClient] = $argv;
$connection = pg_connect(getenv('PYMAP_DSN'));

pg_send_query_params($connection, 'select pymap.get_media_item_by_client_id($1, $2)', [$client, $itemId]);
$found = pg_get_result($connection);
if (pg_result_error_field($found, PGSQL_DIAG_SQLSTATE) === 'PM002') {
    $message = pg_result_error_field($found, PGSQL_DIAG_MESSAGE_PRIMARY);
    fwrite(STDERR, $message . ': ' . pg_result_error_field($found, PGSQL_DIAG_MESSAGE_DETAIL) . "\n");
    exit(1);
}
if ($error = pg_result_error($found)) {
    fwrite(STDERR, $error);
    exit(2);
}
$mediaItem = pg_fetch_result($found, 0, 0);
if ($mediaItem === null) {
    fwrite(STDERR, "not mapped\n");
    exit(1);
}
echo "media item $mediaItem\n";

// pgsql knows no arrays: json_encode makes one whose elements PostgreSQL takes out again.
$rows = pg_query_params(
    $connection,
    'select to_item_id from pymap.translate_client_item_ids($1, array(select jsonb_array_elements_text($2)), $3)',
    [$client, json_encode([$itemId]), $toClient]
);
foreach (pg_fetch_all_columns($rows) as $toItemId) {
    echo "client $toClient: $toItemId\n";
}
