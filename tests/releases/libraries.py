"""What is in the database of a release: the example servers, and everything else that pymap remembers.

Syncs, an application and a person work on it, as they do in a year; each step is a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg

from pymap import ClientMediaItemHelper
from pymap.cli.listings import read_listing
from tests.command_line import CLIENTS, LISTINGS
from tests.model.own_stories import Item, film, series

Listings = dict[tuple[int, int, str], list[Item]]  # tenant ID, client ID, client type

PLEX, EMBY, KODI, APPLICATION = (21, "plex"), (22, "emby"), (23, "kodi"), (24, "tracker")

#: Three servers of one household.
FIRST = {
    PLEX: [
        film("1", "The Passenger", 1975),
        film("2", "Metropolis", 1927, imdb="tt0017136"),
        film("3", "Metropolis", 2001),
        film("4", "Nosferatu", 1922, imdb="tt0013442"),
        film("5", "Stalker", 1979, imdb="tt0079944"),
        film("6", "Solaris", 1972, imdb="tt0069293", tmdb="593"),
        series("7", "Ghosts", 2019, tvdb="358480"),
        series("8", "Ghosts", 2021, tvdb="396390"),
    ],
    EMBY: [
        film("a1", "Professione: reporter", 1975),
        film("a2", "Nosferatu", 1922, imdb="tt0013442"),
        film("a3", "Der Stalker", 1979, tmdb="1398"),
        film("a4", "Ghost World", 2001, imdb="tt0162346"),
    ],
    KODI: [
        film("1", "Solaris", 1972, imdb="tt0069293"),
        film("2", "Ghost World", 2001, imdb="tt0162346"),
        film("3", "Stalker", 1979, imdb="tt0079944", tmdb="1398"),
        series("1", "Ghosts"),
    ],
}  # fmt: skip

#: Kodi has made its library anew: new IDs, an old one for another film, and one film less.
LATER = {
    KODI: [
        film("3", "Solaris", 1972, imdb="tt0069293"),
        film("4", "Stalker", 1979, imdb="tt0079944", tmdb="1398"),
        film("1", "Der müde Tod", 1921, imdb="tt0012494"),
        series("1", "Ghosts"),
    ],
}  # fmt: skip


def fill(dsn: str) -> tuple[Listings, int]:
    """Write everything; return the listings that the clients have now, and the event of a merge."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set pymap.actor = 'example'")
        home, other = (ClientMediaItemHelper(connection, tenant_id=tenant_id) for tenant_id in (0, 7))
        listings = dict(_examples(home, 0, CLIENTS)) | dict(_examples(other, 7, {"plex": 1, "jellyfin": 2}))
        for (tenant_id, *client), items in listings.items():
            _sync(home if tenant_id == 0 else other, tuple(client), items)
        for tenant_id, helper, step in ((0, home, FIRST), (7, other, FIRST), (0, home, LATER)):
            for client, items in step.items():
                _sync(helper, client, items)
                listings[(tenant_id, *client)] = items
        _use(connection, home)
        merged = _fix(home)
    return listings, merged


def _examples(helper: ClientMediaItemHelper, tenant_id: int, clients: dict[str, int]) -> Iterator[tuple[Any, Any]]:
    for client_type, client_id in clients.items():
        pages = [page for file in sorted(LISTINGS.glob(f"{client_type}*.json")) for page in read_listing(str(file))]
        items = [item for page in pages for item in helper.items_from_response(client_type, page)]
        yield (tenant_id, client_id, client_type), items


def _sync(helper: ClientMediaItemHelper, client: tuple[int, str], items: list[Item]) -> None:
    helper.sync(*client, items, allow_removals=True)


def _use(connection: psycopg.Connection[Any], helper: ClientMediaItemHelper) -> None:
    """Do what applications and a DBA do."""
    connection.execute("insert into pymap.media_types (name, path_parts) values ('concert', 3)")
    helper.get_or_create_mapping(*APPLICATION, "c1", "concert", "Live at Pompeii", {"seen": 2}, release_year=1972)
    helper.get_or_create_mapping(*APPLICATION, "gone", "movie", "A film that nobody has")
    helper.unlink_client_item(APPLICATION[0], "gone")
    helper.link_client_item(_item(helper, PLEX, "6"), *APPLICATION, "s1")
    helper.get_or_create_mapping(25, "plex", "1", "movie", "Solaris", release_year=1972)
    helper.remove_client(25)
    connection.execute(
        """
        insert into pymap.media_items (type, title, sync_clients, external_ids, data)
        values ('movie', 'Häxan', %s, '[{"source": "imdb", "id": "tt0013257"}]', '{"rating": 9}')
        """,
        [json.dumps([{"clientId": APPLICATION[0], "clientType": APPLICATION[1], "itemId": "h1", "own": "key"}])],
    )


def _fix(helper: ClientMediaItemHelper) -> int:
    """Do what a person does, and return the event of the merge that stays."""
    helper.mark_distinct(_item(helper, PLEX, "2"), _item(helper, PLEX, "3"))
    split = helper.split_media_item(_item(helper, PLEX, "4"), [(EMBY[0], "a2")])
    mistake = helper.merge_media_items(_item(helper, EMBY, "a4"), _item(helper, PLEX, "5"))
    merged = helper.merge_media_items(_item(helper, PLEX, "1"), _item(helper, EMBY, "a1"))
    assert split
    assert mistake
    assert merged
    helper.undo(mistake)
    return merged


def _item(helper: ClientMediaItemHelper, client: tuple[int, str], client_item_id: str) -> int:
    found = helper.get_media_item_by_client_id_and_type(client[0], client_item_id, "movie")
    assert found
    return found
