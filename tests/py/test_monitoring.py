"""docs/guides/monitoring.md: its queries return nothing if all is well, and show each of the faults."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pymap import ClientMediaItemHelper, Item

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "monitoring.md").read_text(encoding="utf-8")
QUERIES = {
    heading: re.findall(r"^```sql\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    for heading, section in zip(*[iter(re.split(r"^## (.*)\n", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True)
}
NEVER_EMPTY = {"Which version is installed?", "How large is it?"}


@pytest.fixture
def connection(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        helper = ClientMediaItemHelper(connection)
        for client_id, client_type in ((1, "plex"), (2, "kodi")):
            helper.sync(client_id, client_type, [Item(item_id="1", type="movie", title="Heat", year=1995)])
        yield connection


def ask(connection: psycopg.Connection[Any], heading: str, *, role: str = "pymap_reader", **changed: str) -> Any:
    """The rows of the only query of a section, as somebody of that role."""
    (query,) = QUERIES[heading]
    for old, new in changed.items():
        assert old.replace("_", " ") in query
        query = query.replace(old.replace("_", " "), new)
    connection.execute(f"set role {role}".encode())
    try:
        return connection.execute(query.encode()).fetchall()
    finally:
        connection.execute("reset role")


def test_a_healthy_database_shows_nothing(connection: psycopg.Connection[Any]) -> None:
    assert len(QUERIES) == 9
    for heading in QUERIES.keys() - NEVER_EMPTY:
        rows = ask(connection, heading)
        assert [row for row in rows if row != (0,)] == [], heading
    for heading in NEVER_EMPTY:
        for query in QUERIES[heading]:
            assert connection.execute(query.encode()).fetchall() != [], heading


def test_damage_shows(connection: psycopg.Connection[Any]) -> None:
    connection.execute("set session_replication_role = replica")
    connection.execute("""update pymap.media_items set sync_clients = '[]'""")
    connection.execute("reset session_replication_role")
    assert {kind for kind, *_ in ask(connection, "Is it damaged?")} == {"mapping_stale"}


def test_lost_mappings_show(connection: psycopg.Connection[Any]) -> None:
    helper = ClientMediaItemHelper(connection)
    tracks = [Item(item_id=number, type="track") for number in range(150)]
    helper.sync(3, "subsonic", tracks)
    helper.sync(3, "subsonic", tracks[:1], allow_removals=True)
    assert ask(connection, "Has a client lost many mappings?") == [(3, "track", 149)]


def test_a_client_that_stands_still_shows(connection: psycopg.Connection[Any]) -> None:
    connection.execute("update pymap.clients set changed_at = now() - interval '31 days' where client_id = 2")
    assert [row[:2] for row in ask(connection, "Has a client not changed for long?")] == [(2, "kodi")]


def test_what_waits_for_review_shows(connection: psycopg.Connection[Any]) -> None:
    ClientMediaItemHelper(connection).sync(3, "emby", [Item(item_id="9", type="movie", title="Heat")])
    assert ask(connection, "What waits for a person?") == [(1,)]


def test_a_merge_of_a_sync_shows(connection: psycopg.Connection[Any]) -> None:
    helper = ClientMediaItemHelper(connection)
    first = helper.get_or_create_mapping(3, "trakt", "1", "movie", "Solaris", external_ids={"imdb": "tt0069293"})
    second = helper.get_or_create_mapping(4, "emby", "2", "movie", "Solyaris", external_ids={"tmdb": "593"})
    both = {"imdb": "tt0069293", "tmdb": "593"}
    helper.sync(5, "jellyfin", [Item(item_id="f", type="movie", title="Solaris", external_ids=both)])
    (row,) = ask(connection, "What did syncs merge?")
    assert row[2:4] == (second, first)


def test_a_session_that_holds_the_feed_back_shows(connection: psycopg.Connection[Any], dsn: str) -> None:
    with psycopg.connect(dsn) as other:
        ClientMediaItemHelper(other).get_or_create_mapping(1, "plex", "7", "movie", "Alien")
        rows = ask(connection, "Who holds the change feed back?", role="postgres", **{"10_minutes": "0 minutes"})
        assert other.info.backend_pid in {row[0] for row in rows}


def test_a_session_that_waits_for_a_sync_shows(connection: psycopg.Connection[Any], dsn: str) -> None:
    with psycopg.connect(dsn) as first, psycopg.connect(dsn) as second:
        films = [Item(item_id="7", type="movie", title="Alien", year=1979)]
        ClientMediaItemHelper(first).sync(3, "emby", films)
        waiting = threading.Thread(target=ClientMediaItemHelper(second).sync, args=(4, "trakt", films))
        waiting.start()
        try:
            expected = (second.info.backend_pid, [first.info.backend_pid])
            while expected not in [row[:2] for row in ask(connection, "Who waits for a sync?", role="postgres")]:
                assert waiting.is_alive()
        finally:
            first.commit()
            waiting.join()
