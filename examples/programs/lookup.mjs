// node lookup.mjs 2 008CD489-05DA-A765-5315-FE380D46A313 1      (npm install pg)
import pg from "pg";

const [clientId, itemId, toClientId] = process.argv.slice(2);
const client = new pg.Client(process.env.PYMAP_DSN);
await client.connect();
try {
  const found = await client.query("select pymap.get_media_item_by_client_id($1, $2) as id", [clientId, itemId]);
  const mediaItemId = found.rows[0].id; // pg gives bigint as a string: IDs can pass 2^53
  if (mediaItemId === null) {
    console.error("not mapped");
    process.exitCode = 1;
  } else {
    console.log(`media item ${mediaItemId}`);
    const { rows } = await client.query("select to_item_id from pymap.translate_client_item_ids($1, $2, $3)", [
      clientId,
      [itemId],
      toClientId,
    ]);
    for (const row of rows) console.log(`client ${toClientId}: ${row.to_item_id}`);
  }
} catch (error) {
  if (error.code !== "PM002") throw error;
  console.error(`${error.message}: ${error.detail}`);
  process.exitCode = 1;
} finally {
  await client.end();
}
