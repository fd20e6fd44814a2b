"""Sends a client's whole listing by COPY, and tells what that took."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import psycopg

from .catalogue import rows_written
from .library import Client, entries
from .memory import peak_growth

CHUNK = 1 << 20


@dataclass(frozen=True)
class Listing:
    """A listing as COPY takes it, so that making it costs no time while it is measured."""

    client: Client
    text: bytes

    @classmethod
    def of(cls, client: Client, size: int) -> Listing:
        """Return what a client lists of a library of that size."""
        lines = (json.dumps(entry, ensure_ascii=False).replace("\\", "\\\\") for entry in entries(size, client))
        return cls(client, "".join(f"{line}\n" for line in lines).encode())


@dataclass(frozen=True)
class Synced:
    """What a sync took: seconds, rows written in pymap's tables, MB; and what became of the entries."""

    seconds: float
    written: int
    wal: float
    memory: float | None
    actions: Counter[str]


def sync(dsn: str, listing: Listing) -> Synced:
    """Sync a listing in a session of its own."""
    with psycopg.connect(dsn) as connection, peak_growth(connection.info.backend_pid) as memory:
        connection.execute("select")
        connection.commit()
        wal = _wal(connection)
        connection.commit()
        start = time.perf_counter()
        actions = _apply(connection, listing)
        seconds = time.perf_counter() - start
        written = rows_written(connection)
        start = time.perf_counter()
        connection.commit()
        seconds += time.perf_counter() - start
        wal = _wal(connection) - wal
    return Synced(seconds, written, wal, memory[0] if memory else None, actions)


def _apply(connection: psycopg.Connection[Any], listing: Listing) -> Counter[str]:
    client = (listing.client.number, listing.client.type)
    row = connection.execute("select pymap.begin_client_sync(%s, %s)", client).fetchone()
    assert row
    with connection.cursor() as cursor, cursor.copy(row[0]) as copy:
        for start in range(0, len(listing.text), CHUNK):
            copy.write(listing.text[start : start + CHUNK])
    return Counter(
        dict(
            connection.execute(
                "select action, count(*) from pymap.apply_client_sync(%s, %s, p_allow_removals => true) group by 1",
                client,
            ).fetchall()
        )
    )


def _wal(connection: psycopg.Connection[Any]) -> float:
    row = connection.execute("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    assert row
    return float(row[0]) / 1e6
