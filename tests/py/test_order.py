"""The example servers' listings give the same media items in whatever order the servers come.

All 720 orders would take minutes, so a fixed sample of 40 is tried. test_examples.py says what is right.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.model.stories import Partition, differences, items_of, mappings_of, partition_of, sync, undone

Connection = psycopg.Connection[Any]
Order = tuple[str, ...]

LISTINGS = Path(__file__).resolve().parents[2] / "examples" / "listings"
SERVERS = ("plex", "jellyfin", "emby", "kodi", "subsonic", "trakt")
ORDERS = sorted(random.Random(720).sample(sorted(permutations(SERVERS)), 40))


def listing(connection: Connection, server: str) -> list[Any]:
    pages = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(LISTINGS.glob(f"{server}*.json"))]
    return items_of(connection, {"client_type": server, "response": pages, "pages": True})


def outcomes(
    connection: Connection, listings: dict[str, list[Any]], orders: list[Order], come: Order = ()
) -> Iterator[tuple[Order, Partition]]:
    """The media items of every order; orders that begin alike share the beginning."""
    if len(come) == len(SERVERS):
        yield come, partition_of(mappings_of(connection))
        return
    for server in SERVERS:
        some = [order for order in orders if order[len(come)] == server]
        if some:
            with undone(connection):
                sync(connection, 1 + SERVERS.index(server), server, listings[server])
                yield from outcomes(connection, listings, some, (*come, server))


def test_every_server_comes_at_every_place() -> None:
    assert len(set(ORDERS)) == 40
    assert all({order[place] for order in ORDERS} == set(SERVERS) for place in range(len(SERVERS)))


def test_every_order_of_the_servers_gives_the_same_media_items(conn: Connection) -> None:
    listings = {server: listing(conn, server) for server in SERVERS}
    found = {" ".join(order): partition for order, partition in outcomes(conn, listings, ORDERS)}
    assert len(found) == len(ORDERS)
    if differing := differences(found):
        pytest.fail(differing, pytrace=False)
