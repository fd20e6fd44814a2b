"""No starving: a sync beside a session that maps items of that very listing, ten times a second."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from statistics import median

import psycopg

from .databases import FILLED, Databases
from .figures import Figure
from .library import EMBY, JELLYFIN, PLEX, entries
from .listings import Listing, sync
from .plan import Plan, progress

ENTRIES = 20_000
INTERVAL = 0.1
#: The most that the sync may take, as a multiple of its time alone.
TARGET = 2.0


@dataclass
class Calls:
    """What the session beside the sync has seen."""

    waits: list[float] = field(default_factory=list)
    errors: int = 0


def busy(plan: Plan) -> list[Figure]:
    """Measure the sync of a second client alone and beside the session, each in a copy of one database."""
    size = plan.at_most(ENTRIES)
    listing = Listing.of(JELLYFIN, size)
    alone, beside, calls, given_up = [], [], Calls(), 0
    with plan.databases.fresh(FILLED) as dsn:
        sync(dsn, Listing.of(PLEX, size))
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("vacuum analyze")
        for _ in progress(plan.interleaved((size,)), "busy"):
            seconds, _ = _synced(plan.databases, listing, size, None)
            alone.append(seconds)
            seconds, retries = _synced(plan.databases, listing, size, calls)
            beside.append(seconds)
            given_up += retries

    def figure(subject: str, measure: str, value: float, target: float | None = None) -> Figure:
        return Figure("busy", f"Sync of {size:,} entries", subject, measure, value, target, size)

    together = "beside a session that maps"
    ratio = median(one / other for one, other in zip(beside, alone, strict=True))
    return [
        figure("alone", "s", median(alone)),
        figure(together, "s", median(beside)),
        figure(together, "ratio", ratio, TARGET),
        figure(together, "syncs to retry", given_up, 0),
        figure(together, "calls", len(calls.waits)),
        figure(together, "calls that failed", calls.errors, 0),
        figure(together, "median call ms", median(calls.waits) * 1000),
        figure(together, "longest call ms", max(calls.waits) * 1000),
    ]


def _synced(databases: Databases, listing: Listing, size: int, calls: Calls | None) -> tuple[float, int]:
    """Return the seconds until the sync has succeeded, and how often it had to be started again."""
    retries = 0
    with databases.fresh(template=FILLED) as dsn, _mapping(dsn, size, calls):
        start = time.perf_counter()
        while True:
            try:
                sync(dsn, listing)
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                retries += 1
            else:
                return time.perf_counter() - start, retries


@contextmanager
def _mapping(dsn: str, size: int, calls: Calls | None) -> Iterator[None]:
    """Let a session map items meanwhile, unless there is nobody to count its calls."""
    if calls is None:
        yield
        return
    done = threading.Event()
    session = threading.Thread(target=_map, args=(dsn, size, calls, done))
    session.start()
    try:
        yield
    finally:
        done.set()
        session.join()


def _map(dsn: str, size: int, calls: Calls, done: threading.Event) -> None:
    rng = Random(0)
    listed = {client: list(entries(size, client)) for client in (JELLYFIN, EMBY)}
    with psycopg.connect(dsn, autocommit=True) as connection:
        start, turn = time.perf_counter(), 0
        while not done.wait(max(0, start + turn * INTERVAL - time.perf_counter())):
            turn += 1
            client = rng.choice(list(listed))
            entry = rng.choice(listed[client])
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
