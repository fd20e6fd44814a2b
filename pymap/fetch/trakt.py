"""Trakt: what the account has collected and watched, or what else is named."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pymap.fetch.answer import nested, number, text
from pymap.fetch.http import Http
from pymap.fetch.libraries import chosen
from pymap.fetch.listing import Listing, Page
from pymap.fetch.server import Server

#: Trakt counts pages, so it has to send as many entries as were asked for: no list has a lower limit.
_PAGE_SIZE = 100

#: The parts of an account, and what can be listed of each.
_PARTS = {
    "collection": ("movies", "shows"),
    "watched": ("movies", "shows"),
    "ratings": ("movies", "shows", "seasons", "episodes"),
    "watchlist": ("movies", "shows", "seasons", "episodes"),
}


def connect(server: Server) -> Http:
    """Return a connection that carries the account's token and the application's key."""
    return Http(
        server,
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {server.token}",
            "trakt-api-version": "2",
            "trakt-api-key": server.api_key or "",
        },
    )


def listings(http: Http, server: Server) -> Iterator[Listing]:
    """Return a listing for each type of each part of the account; by default of all parts."""
    for part in chosen(server, {part: part for part in _PARTS}):
        for kind in _PARTS[part]:
            yield Listing(f"{part} {kind}", _PAGE_SIZE, partial(_read, http, f"/sync/{part}/{kind}", kind[:-1]))


def _read(http: Http, path: str, key: str, start: int, size: int) -> Page:
    answer = http.get(path, {"page": start // size + 1, "limit": size})
    ids = [text(nested(entry, key, "ids", "trakt")) for entry in answer.objects()]
    total = number(answer.headers.get("x-pagination-item-count"))
    # What has no pages comes whole.
    return Page(answer.raw, ids, len(ids) if total is None else total)
