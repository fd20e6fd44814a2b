"""No starving: a sync beside a session that maps items of that very listing, ten times a second."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from .databases import FILLED
from .figures import Figure
from .library import EMBY, JELLYFIN, PLEX, Client, entries
from .listings import Listing, sync
from .plan import Plan, progress

ENTRIES = 20_000
INTERVAL = 0.1
#: The most that the sync may take, as a multiple of its time alone.
TARGET = 2.0
#: A sync that takes longer than so many times its time alone is starving, and stopped.
PATIENCE = 10

#: An entry, and the client that lists it.
Told = tuple[Client, dict[str, Any]]


@dataclass
class Calls:
    """What the session beside the sync has seen."""

    waits: list[float] = field(default_factory=list)
    errors: int = 0


def busy(plan: Plan) -> list[Figure]:
    """Measure the sync of a second client alone and beside the session, each in a copy of one database."""
    size = plan.at_most(ENTRIES)
    listing = Listing.of(JELLYFIN, size)
    told = [(client, entry) for client in (JELLYFIN, EMBY) for entry in entries(size, client)]
    alone, beside, calls, failed = [], [], Calls(), 0
    with plan.databases.fresh(FILLED) as dsn:
        sync(dsn, Listing.of(PLEX, size))
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("vacuum analyze")
        for _ in progress(plan.interleaved((size,)), "busy"):
            with plan.databases.fresh(template=FILLED) as dsn:
                alone.append(sync(dsn, listing).seconds)
            with plan.databases.fresh(template=FILLED) as dsn, _mapping(dsn, told, calls):
                seconds, success = _timed(dsn, listing, PATIENCE * alone[-1])
                beside.append(seconds)
                failed += not success

    def figure(subject: str, measure: str, value: float, target: float | None = None) -> Figure:
        return Figure("busy", f"Sync of {size:,} entries", subject, measure, value, target, size)

    together = "beside a session that maps"
    ratio = median(one / other for one, other in zip(beside, alone, strict=True))
    return [
        figure("alone", "s", median(alone)),
        figure(together, "s", median(beside)),
        figure(together, "ratio", ratio, TARGET),
        figure(together, "syncs that failed", failed, 0),
        figure(together, "calls", len(calls.waits)),
        figure(together, "calls that failed", calls.errors, 0),
        figure(together, "median call ms", median(calls.waits) * 1000),
        figure(together, "longest call ms", max(calls.waits) * 1000),
    ]


def _timed(dsn: str, listing: Listing, limit: float) -> tuple[float, bool]:
    """Return the seconds that a sync takes, and whether it has succeeded within the limit."""
    start = time.perf_counter()
    try:
        sync(make_conninfo(dsn, options=f"-c statement_timeout={math.ceil(limit * 1000)}"), listing)
    except (psycopg.errors.QueryCanceled, psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
        return time.perf_counter() - start, False
    return time.perf_counter() - start, True


@contextmanager
def _mapping(dsn: str, told: list[Told], calls: Calls) -> Iterator[None]:
    """Let a session map items meanwhile."""
    done = threading.Event()
    session = threading.Thread(target=_map, args=(dsn, told, calls, done))
    session.start()
    try:
        yield
    finally:
        done.set()
        session.join()


def _map(dsn: str, told: list[Told], calls: Calls, done: threading.Event) -> None:
    rng = Random(0)
    with psycopg.connect(dsn, autocommit=True) as connection:
        start, turn = time.perf_counter(), 0
        while not done.wait(max(0, start + turn * INTERVAL - time.perf_counter())):
            turn += 1
            client, entry = rng.choice(told)
            # An ID that nobody has told before.
            external_ids = {**entry["externalIds"], "trakt": str(1_000_000 + turn)}
            called = time.perf_counter()
            try:
                connection.execute(
                    "select pymap.get_or_create_mapping(%s, %s, %s, %s, %s, '{}', %s, %s)",
                    (client.number, client.type, entry["itemId"], entry["type"], entry["title"],
                     json.dumps(external_ids), entry.get("year")),
                )  # fmt: skip
            except psycopg.Error:
                calls.errors += 1
            calls.waits.append(time.perf_counter() - called)
            # Whoever had to wait does not hurry afterwards.
            start = max(start, time.perf_counter() - turn * INTERVAL)
