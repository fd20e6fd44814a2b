"""Listings of 15,000 entries times SCALE on two servers: mapped, matched, unchanged, and all IDs new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

import pymap
from tests.scale import SCALE

pytestmark = pytest.mark.long

SHOWS = 1_000 * SCALE
EPISODES = 13  # of each, and one film


def listing(scan: str) -> Iterator[pymap.Item]:
    """Of each show its series and its episodes; scan is part of every ID that the server gives."""
    for show in range(1, SHOWS + 1):
        title = f"Show {show}"
        series = f"{scan}-{show}"
        yield pymap.Item(item_id=series, type="series", title=title, year=2000, external_ids={"tvdb": show})
        for number in range(1, EPISODES + 1):
            yield pymap.Item(
                item_id=f"{series}-{number}",
                type="episode",
                title=f"{title}, part {number}",
                parent_item_id=series,
                season_number=1,
                episode_number=number,
            )
        imdb = {"imdb": f"tt{show:07}"}
        yield pymap.Item(item_id=f"{series}-film", type="movie", title=f"Film {show}", year=2001, external_ids=imdb)


def actions(connection: psycopg.Connection[Any], client_id: int, client_type: str, scan: str) -> dict[str, int]:
    summary = pymap.ClientMediaItemHelper(connection).sync(client_id, client_type, listing(scan))
    connection.commit()
    return {action: summary.total(action) for action in pymap.models.ACTIONS if summary.total(action)}


def test_long_listings_are_mapped_matched_kept_and_rekeyed(dsn: str) -> None:
    entries = SHOWS * (2 + EPISODES)
    with psycopg.connect(dsn) as connection:
        assert actions(connection, 1, "plex", "a") == {"created": entries}
        assert actions(connection, 2, "emby", "b") == {"matched": entries}
        assert actions(connection, 1, "plex", "a") == {"kept": entries}
        assert actions(connection, 1, "plex", "c") == {"rekeyed": entries}
        assert connection.execute("select count(*) from pymap.media_items").fetchone() == (entries,)
        assert connection.execute("select * from pymap.check_integrity() limit 10").fetchall() == []
