"""python lookup.py 2 008CD489-05DA-A765-5315-FE380D46A313 1: a client's item ID, and what client 1 calls it."""

import os
import sys

import psycopg

from pymap import AmbiguousClientItemId, ClientMediaItemHelper

client_id, item_id, to_client_id = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])

with psycopg.connect(os.environ["PYMAP_DSN"]) as connection:
    helper = ClientMediaItemHelper(connection)
    try:
        media_item_id = helper.get_media_item_by_client_id(client_id, item_id)
    except AmbiguousClientItemId as error:
        sys.exit(f"{error}: {error.detail}")
    if media_item_id is None:
        sys.exit("not mapped")
    print("media item", media_item_id)
    for row in helper.translate_client_item_ids(client_id, [item_id], to_client_id):
        print(f"client {to_client_id}: {row.to_item_id}")
