"""The example listings: synced in every order, they give one media item for each thing of truth.json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pymap import ClientMediaItemHelper

LISTINGS = Path(__file__).resolve().parents[2] / "examples" / "listings"
CLIENTS = ["plex", "jellyfin", "emby", "kodi", "subsonic", "trakt"]
# Subsonic and Trakt share no media type, so which of the two comes first cannot matter: they come together.
ARRIVALS = [("plex",), ("jellyfin",), ("emby",), ("kodi",), ("subsonic", "trakt")]

Key = tuple[str, str, str]  # client, client item ID, media type
Outcome = dict[Key, int]
Arrival = tuple[str, ...]
Order = tuple[str, ...]


@dataclass(frozen=True)
class Thing:
    """A row of truth.json."""

    title: str
    keys: frozenset[Key]


@dataclass(frozen=True)
class Library:
    """The listings as items, and what is the same."""

    items: dict[str, list[dict[str, Any]]]
    things: list[Thing]


@pytest.fixture(scope="module")
def connection(conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    return conn


@pytest.fixture(scope="module")
def library(connection: psycopg.Connection[Any]) -> Library:
    helper = ClientMediaItemHelper(connection)
    items: dict[str, list[dict[str, Any]]] = {client: [] for client in CLIENTS}
    for client in CLIENTS:
        for file in sorted(LISTINGS.glob(f"{client}*.json")):
            items[client] += helper.items_from_response(client, json.loads(file.read_text(encoding="utf-8")))
        items[client] = [item for item in items[client] if "itemId" in item]
    rows = json.loads((LISTINGS / "truth.json").read_text(encoding="utf-8"))
    things = [
        Thing(row["title"], frozenset((client, item_id, row["type"]) for client in CLIENTS for item_id in row[client]))
        for row in rows
    ]
    return Library(items, things)


def arrivals(
    connection: psycopg.Connection[Any], library: Library, order: tuple[Arrival, ...] = ()
) -> Iterator[tuple[Order, Outcome]]:
    """Sync the clients' listings in every order; orders that begin alike share the beginning."""
    if len(order) == len(ARRIVALS):
        clients = tuple(client for arrival in order for client in arrival)
        yield clients, outcome_of(connection)
    for arrival in ARRIVALS:
        if arrival not in order:
            with connection.transaction(force_rollback=True):
                for client in arrival:
                    sync(connection, library, client)
                yield from arrivals(connection, library, (*order, arrival))


def sync(connection: psycopg.Connection[Any], library: Library, client: str) -> None:
    helper = ClientMediaItemHelper(connection)
    helper.sync_client_items(1 + CLIENTS.index(client), client, library.items[client])


def outcome_of(connection: psycopg.Connection[Any]) -> Outcome:
    rows = connection.execute("select client_id, client_item_id, media_type, media_item_id from pymap.client_items")
    return {(CLIENTS[client_id - 1], item_id, media_type): found for client_id, item_id, media_type, found in rows}


@pytest.fixture(scope="module")
def outcomes(connection: psycopg.Connection[Any], library: Library) -> list[tuple[Order, Outcome]]:
    return list(arrivals(connection, library))


def test_every_usable_entry_stands_in_the_truth_once(library: Library) -> None:
    entries = [key for thing in library.things for key in thing.keys]
    assert len(entries) == len(set(entries))
    listed = {(client, item["itemId"], item["type"]) for client in CLIENTS for item in library.items[client]}
    assert set(entries) == listed


def test_every_order_was_tried(outcomes: list[tuple[Order, Outcome]]) -> None:
    assert len({order for order, _ in outcomes}) == len(outcomes) == 120


def test_no_order_takes_two_things_for_one(library: Library, outcomes: list[tuple[Order, Outcome]]) -> None:
    for order, outcome in outcomes:
        things: dict[int, str] = {}
        for thing in library.things:
            for key in thing.keys:
                assert things.setdefault(outcome[key], thing.title) == thing.title, order


def test_every_order_takes_one_thing_for_one(library: Library, outcomes: list[tuple[Order, Outcome]]) -> None:
    split = [
        (thing.title, order)
        for order, outcome in outcomes
        for thing in library.things
        if len({outcome[key] for key in thing.keys}) > 1
    ]
    assert split == []


def test_a_second_round_keeps_everything(connection: psycopg.Connection[Any], library: Library) -> None:
    helper = ClientMediaItemHelper(connection)
    with connection.transaction(force_rollback=True):
        for client in CLIENTS:
            sync(connection, library, client)
        for client in CLIENTS:
            rows = helper.sync_client_items(1 + CLIENTS.index(client), client, library.items[client])
            assert {row.action for row in rows} == {"kept"}, client
