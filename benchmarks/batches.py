"""get_or_create_mappings with many items in one call: the time per item must not grow with their number."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from statistics import median

import psycopg

from .databases import Databases
from .figures import Figure
from .library import PLEX, entries
from .plan import Plan, progress

ITEMS = 200_000
#: The same bound as for syncs: ten times the items in at most twelve times the time.
TARGET = 1.2


def batches(plan: Plan) -> list[Figure]:
    """Measure one call with all items against one with a tenth of them, each in a fresh database."""
    large = plan.at_most(ITEMS)
    small = large // 10
    seconds: dict[int, list[float]] = defaultdict(list)
    for size in progress(plan.interleaved((small, large)), "batch"):
        seconds[size].append(_seconds(plan.databases, size))

    def figure(size: int, measure: str, value: float, target: float | None = None) -> Figure:
        return Figure("batch", "get_or_create_mappings, one call", f"{size:,} items", measure, value, target, size)

    times = {size: median(took) for size, took in seconds.items()}
    figures = []
    for size, took in times.items():
        figures += [figure(size, "s", took), figure(size, "µs per item", took / size * 1e6)]
    ratio = (times[large] / large) / (times[small] / small)
    return [*figures, figure(large, "ratio per item", ratio, TARGET)]


def _seconds(databases: Databases, size: int) -> float:
    items = json.dumps(list(entries(size, PLEX)))
    with databases.fresh() as dsn, psycopg.connect(dsn) as connection:
        connection.execute("checkpoint")
        connection.commit()
        start = time.perf_counter()
        connection.execute(
            "select count(*) from pymap.get_or_create_mappings(%s, %s, %s)", (PLEX.number, PLEX.type, items)
        )
        connection.commit()
        return time.perf_counter() - start
