"""The example listings: what truth.json calls the same thing is one media item, in every order that can know it."""

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
    by_external_id: bool
    keys: frozenset[Key]


@dataclass(frozen=True)
class Library:
    """The listings as items, the external IDs of each entry, and what is the same."""

    items: dict[str, list[dict[str, Any]]]
    external_ids: dict[Key, frozenset[tuple[str, str]]]
    things: list[Thing]

    def can_always_know(self, thing: Thing, order: Order) -> bool:
        """Whether the IDs that have arrived connect the thing's entries after each client, with no bridge to come."""
        known: set[tuple[str, str]] = set()
        for client in order:
            entries = [self.external_ids[key] for key in thing.keys if key[0] == client]
            while entries:
                entry = next((ids for ids in entries if not known or ids & known), None)
                if entry is None:
                    return False
                known |= entry
                entries.remove(entry)
        return True


@pytest.fixture(scope="module")
def connection(shared_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(shared_dsn) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def library(connection: psycopg.Connection[Any]) -> Library:
    helper = ClientMediaItemHelper(connection)
    items: dict[str, list[dict[str, Any]]] = {client: [] for client in CLIENTS}
    external_ids: dict[Key, frozenset[tuple[str, str]]] = {}
    for client in CLIENTS:
        for file in sorted(LISTINGS.glob(f"{client}*.json")):
            items[client] += helper.items_from_response(client, json.loads(file.read_text(encoding="utf-8")))
        items[client] = [item for item in items[client] if "error" not in item]
        for item in items[client]:
            key = (client, item["itemId"], item["type"])
            (ids,) = connection.execute(
                "select pymap.normalize_external_ids(%s)", [json.dumps(item.get("externalIds", {}))]
            ).fetchone() or ([],)
            external_ids[key] = external_ids.get(key, frozenset()) | {(one["source"], one["id"]) for one in ids}
    rows = json.loads((LISTINGS / "truth.json").read_text(encoding="utf-8"))
    things = [
        Thing(
            row["title"],
            row["byExternalId"],
            frozenset((client, item_id, row["type"]) for client in CLIENTS for item_id in row[client]),
        )
        for row in rows
    ]
    return Library(items, external_ids, things)


def arrivals(
    connection: psycopg.Connection[Any], library: Library, order: tuple[Arrival, ...] = ()
) -> Iterator[tuple[Order, Outcome]]:
    """Map the clients' listings in every order; orders that begin alike share the beginning."""
    if len(order) == len(ARRIVALS):
        clients = tuple(client for arrival in order for client in arrival)
        yield clients, outcome_of(connection)
    for arrival in ARRIVALS:
        if arrival not in order:
            with connection.transaction(force_rollback=True):
                for client in arrival:
                    put(connection, library, client)
                yield from arrivals(connection, library, (*order, arrival))


def put(connection: psycopg.Connection[Any], library: Library, client: str) -> None:
    helper = ClientMediaItemHelper(connection)
    helper.get_or_create_mappings(1 + CLIENTS.index(client), client, library.items[client])


def outcome_of(connection: psycopg.Connection[Any]) -> Outcome:
    rows = connection.execute("select client_id, client_item_id, media_type, media_item_id from pymap.mappings")
    return {(CLIENTS[client_id - 1], item_id, media_type): found for client_id, item_id, media_type, found in rows}


@pytest.fixture(scope="module")
def outcomes(connection: psycopg.Connection[Any], library: Library) -> list[tuple[Order, Outcome]]:
    return list(arrivals(connection, library))


def media_items(thing: Thing, outcome: Outcome) -> set[int]:
    return {outcome[key] for key in thing.keys}


def test_every_usable_entry_stands_in_the_truth_once(library: Library) -> None:
    entries = [key for thing in library.things for key in thing.keys]
    assert len(entries) == len(set(entries))
    assert set(entries) == set(library.external_ids)


def test_every_order_was_tried(outcomes: list[tuple[Order, Outcome]]) -> None:
    assert len({order for order, _ in outcomes}) == len(outcomes) == 120


def test_no_order_takes_two_things_for_one(library: Library, outcomes: list[tuple[Order, Outcome]]) -> None:
    for order, outcome in outcomes:
        things: dict[int, str] = {}
        for thing in library.things:
            for media_item_id in media_items(thing, outcome):
                assert things.setdefault(media_item_id, thing.title) == thing.title, order


def test_one_media_item_for_each_thing_whose_ids_connect_as_the_clients_come(
    library: Library, outcomes: list[tuple[Order, Outcome]]
) -> None:
    split = [
        (thing.title, order)
        for order, outcome in outcomes
        for thing in library.things
        if thing.by_external_id and len(media_items(thing, outcome)) > 1 and library.can_always_know(thing, order)
    ]
    assert split == []


def test_only_bridges_that_come_late_leave_a_thing_split(
    library: Library, outcomes: list[tuple[Order, Outcome]]
) -> None:
    split = {
        thing.title
        for _, outcome in outcomes
        for thing in library.things
        if thing.by_external_id and len(media_items(thing, outcome)) > 1
    }
    assert split <= {"WALL·E (2008)", "The Dark Side of the Moon", "Speak to Me", "Breathe", "On the Run"}


def test_the_demos_order_recognises_every_thing_by_its_external_ids(
    connection: psycopg.Connection[Any], library: Library
) -> None:
    with connection.transaction(force_rollback=True):
        for client in CLIENTS:
            put(connection, library, client)
        outcome = outcome_of(connection)
    assert set(outcome) == set(library.external_ids)
    split = [thing.title for thing in library.things if thing.by_external_id and len(media_items(thing, outcome)) != 1]
    assert split == []


def test_two_editions_on_one_client_are_one_media_item(outcomes: list[tuple[Order, Outcome]]) -> None:
    for order, outcome in outcomes:
        assert outcome["plex", "108", "movie"] == outcome["plex", "109", "movie"], order


def test_equal_numbers_of_a_film_and_a_series_stay_apart(outcomes: list[tuple[Order, Outcome]]) -> None:
    """TMDB's 1396 is the film Mirror and the series Breaking Bad; Kodi's 1 is a film, a series and an episode."""
    for order, outcome in outcomes:
        assert outcome["plex", "114", "movie"] != outcome["plex", "200", "series"], order
        assert len({outcome["kodi", "1", media_type] for media_type in ("movie", "series", "episode")}) == 3, order


def test_the_kinds_of_musicbrainz_ids_are_told_apart(library: Library) -> None:
    """A track on its release and the recording are different sources, so neither client contradicts the other."""
    sources = {
        client: {
            source
            for key, ids in library.external_ids.items()
            for source, _ in ids
            if key[0] == client and key[2] == "track"
        }
        for client in ("plex", "kodi")
    }
    assert sources == {"plex": {"musicbrainz_track"}, "kodi": {"musicbrainz"}}
