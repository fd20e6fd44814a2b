"""Three moments of a small library, as a real Kodi and a real Supysonic listed it: each thing keeps its media item."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.model.stories import KEPT, Key, damage, items_of, mappings_of, resolved, sync

Connection = psycopg.Connection[Any]

MOMENTS = ("s0", "s1", "s4")  # first scan; files renamed; music moved, Kodi's database rebuilt
CLIENTS = {"kodi": 4, "subsonic": 7}
FILES = {
    "kodi": [f"kodi-{name}" for name in ("movies", "tvshows", "seasons", "episodes", "artists", "albums", "songs")],
    "subsonic": ["subsonic-search3"],
}
MOST_NEW = 5


@pytest.fixture
def live(samples: Path) -> Path:
    return samples / "live"


def read(live: Path, moment: str, file: str) -> Any:
    return json.loads((live / moment / f"{file}.json").read_text(encoding="utf-8"))


def listing(conn: Connection, live: Path, moment: str, client_type: str) -> list[Any]:
    """All lists of the client together."""
    pages = [read(live, moment, file) for file in FILES[client_type]]
    return items_of(conn, {"client_type": client_type, "response": pages, "pages": True})


def things(live: Path, moment: str, client_type: str) -> dict[Key, str]:
    """What thing every entry is."""
    rows = read(live, moment, "gold")[client_type]
    return {(CLIENTS[client_type], item_id, media_type): thing for media_type, item_id, thing in rows}


class Watch:
    """What becomes of the things, sync by sync."""

    def __init__(self) -> None:
        self.gold: dict[Key, str] = {}
        self.homes: defaultdict[str, set[int]] = defaultdict(set)  # the media items that a thing has had
        self.strangers: list[str] = []
        self.newcomers: list[str] = []

    def see(
        self, conn: Connection, moment: str, client_type: str, gold: dict[Key, str], titles: dict[Key, str]
    ) -> None:
        mappings = mappings_of(conn)
        known = {item for items in self.homes.values() for item in items}
        ids = resolved(conn, known | set(mappings.values()))
        homes = {thing: {ids[item] for item in items} for thing, items in self.homes.items()}
        when = f"{moment}, {client_type}:"

        self.gold = {key: thing for key, thing in self.gold.items() if key[0] != CLIENTS[client_type]} | gold
        for key, thing in gold.items():
            media_item = ids[mappings[key]]
            if thing in homes and media_item not in {ids[item] for item in known}:
                self.newcomers.append(f"{when} {key} {titles[key]!r} is {thing}, on the new media item {media_item}")
            self.homes[thing].add(media_item)

        together = defaultdict(list)
        for key, thing in self.gold.items():
            together[ids[mappings[key]]].append((thing, key))
        for media_item, entries in together.items():
            (most, _), *others = Counter(thing for thing, _ in entries).most_common()
            if others:
                self.strangers += [
                    f"{when} {key} is {thing}, on media item {media_item} of {most}"
                    for thing, key in entries
                    if thing != most
                ]


@pytest.mark.parametrize("order", [("kodi", "subsonic"), ("subsonic", "kodi")], ids=" first, then ".join)
def test_every_thing_keeps_its_media_item(conn: Connection, live: Path, order: tuple[str, str]) -> None:
    watch = Watch()
    for moment in MOMENTS:
        for client_type in order:
            items = listing(conn, live, moment, client_type)
            sync(conn, CLIENTS[client_type], client_type, items, allow_removals=True)
            gold = things(live, moment, client_type)
            titles = {
                (CLIENTS[client_type], item["itemId"], item["type"]): item.get("title", "")
                for item in items
                if "itemId" in item
            }
            assert gold.keys() <= titles.keys()
            watch.see(conn, moment, client_type, gold, titles)
    lines = [
        f"{len(watch.strangers)} on the media item of another thing:", *watch.strangers,
        f"{len(watch.newcomers)} on a new media item although their thing has one (at most {MOST_NEW}):",
        *watch.newcomers,
    ]  # fmt: skip
    if watch.strangers or len(watch.newcomers) > MOST_NEW:
        pytest.fail("\n".join(lines), pytrace=False)
    assert damage(conn) == []


@pytest.mark.parametrize("order", [("kodi", "subsonic"), ("subsonic", "kodi")], ids=" first, then ".join)
def test_every_listing_once_more_keeps_everything(conn: Connection, live: Path, order: tuple[str, str]) -> None:
    for moment in MOMENTS:
        listings = [(client_type, listing(conn, live, moment, client_type)) for client_type in order]
        for client_type, items in listings:
            sync(conn, CLIENTS[client_type], client_type, items, allow_removals=True)
        for client_type, items in listings:
            rows = sync(conn, CLIENTS[client_type], client_type, items, allow_removals=True)
            assert [row for row in rows if row[3] not in KEPT] == [], moment
