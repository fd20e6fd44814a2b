"""Plex: the sections of the server, and the types of each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pymap.fetch.answer import number, objects, text
from pymap.fetch.http import Http
from pymap.fetch.libraries import chosen
from pymap.fetch.listing import Listing, Page
from pymap.fetch.server import Server

_PAGE_SIZE = 500

#: The numbers of the types that a section of each type has.
_TYPES = {
    "movie": {"movies": 1},
    "show": {"shows": 2, "seasons": 3, "episodes": 4},
    "artist": {"artists": 8, "albums": 9, "tracks": 10},
}


def connect(server: Server) -> Http:
    """Return a connection that carries the token."""
    return Http(server, headers={"X-Plex-Token": server.token} if server.token else {})


def listings(http: Http, server: Server) -> Iterator[Listing]:
    """Return a listing for each type of each section."""
    found = objects(http.get("/library/sections").object("MediaContainer").get("Directory"))
    sections = {str(section.get("key")): section for section in found if section.get("type") in _TYPES}
    for key in chosen(server, {key: str(section.get("title")) for key, section in sections.items()}):
        for name, type_number in _TYPES[sections[key]["type"]].items():
            yield Listing(f"{name} of section {key}", _PAGE_SIZE, partial(_read, http, key, type_number))


def _read(http: Http, section: str, type_number: int, start: int, size: int) -> Page:
    answer = http.get(
        f"/library/sections/{section}/all",
        {
            "type": type_number,
            "includeGuids": 1,
            "X-Plex-Container-Start": start,
            "X-Plex-Container-Size": size,
        },
    )
    container = answer.object("MediaContainer")
    ids = [text(entry.get("ratingKey")) for entry in objects(container.get("Metadata"))]
    return Page(answer.raw, ids, number(container.get("totalSize")))
