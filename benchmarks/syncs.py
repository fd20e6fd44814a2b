"""Syncs of whole listings beside the floor, in the states that a database can be in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from statistics import median

import psycopg

from .databases import Databases
from .figures import Figure
from .floor import Floor
from .library import EMBY, JELLYFIN, PLEX
from .listings import Listing, Synced, sync
from .plan import Plan, progress

STEPS = {
    "first sync": PLEX,
    "second client": JELLYFIN,
    "again, unchanged": JELLYFIN,
    "rescan, all IDs new": JELLYFIN.rescanned(),
}
FIRST, UNCHANGED = "first sync", "again, unchanged"

#: The most that a step may take, as a multiple of the floor.
TARGETS = {"first sync": 2.5, "second client": 3.0, "rescan, all IDs new": 3.0}
#: The most that the unchanged listing may take of the first sync's time, and ten times the entries of the time of one.
UNCHANGED_TARGET = 0.1
TENFOLD_TARGET = 12.0


def synced(plan: Plan) -> list[Figure]:
    """Measure syncs in a database that is looked after: vacuumed and analysed before each."""
    return _measure(plan, "sync", lambda _dsn, _size: None, tidy=True)


def without_statistics(plan: Plan) -> list[Figure]:
    """Measure syncs right after the migration: nothing has ever been analysed."""
    return _measure(plan, "no statistics", lambda _dsn, _size: None, tidy=False)


def after_deletes(plan: Plan) -> list[Figure]:
    """Measure syncs after nine of ten media items were deleted: statistics and dead rows are of before."""
    return _measure(plan, "after deletes", _fill_and_delete, tidy=False)


def _fill_and_delete(dsn: str, size: int) -> None:
    for client in (PLEX, EMBY):
        sync(dsn, Listing.of(client, size))
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("delete from pymap.media_items where mod(id, 10) <> 0")


Steps = dict[str, tuple[Synced, int, float]]


def _measure(plan: Plan, group: str, prepare: Callable[[str, int], None], *, tidy: bool) -> list[Figure]:
    runs: dict[int, list[Steps]] = defaultdict(list)
    for size in progress(plan.interleaved(plan.sync_sizes), group):
        runs[size].append(_steps(plan.databases, size, prepare, tidy))
    figures = [figure for size, done in runs.items() for figure in _figures(group, size, done)]
    return figures + _growth(group, runs) + _actions(group, runs)


def _steps(databases: Databases, size: int, prepare: Callable[[str, int], None], tidy: bool) -> Steps:
    """Return for each step what the sync took, how many rows it changed, and the seconds of the floor."""
    steps: Steps = {}
    with databases.fresh() as dsn:
        prepare(dsn, size)
        for step, client in STEPS.items():
            listing = Listing.of(client, size)
            with psycopg.connect(dsn, autocommit=True) as connection:
                if tidy:
                    connection.execute("vacuum analyze")
                floor = Floor(connection)
                floor.copy(analyze=tidy)
                connection.execute("checkpoint")
                outcome = sync(dsn, listing)
                changed = floor.compare()
                steps[step] = outcome, changed, floor.replay()
    return steps


def _figures(group: str, size: int, runs: list[Steps]) -> list[Figure]:
    figures = []

    def add(measure: str, value: float, target: float | None = None) -> None:
        figures.append(Figure(group, f"{size:,} entries", step, measure, value, target, size))

    for step in STEPS:
        done = [run[step] for run in runs]
        add("s", median(outcome.seconds for outcome, _, _ in done))
        if step == UNCHANGED:
            shares = [run[step][0].seconds / run[FIRST][0].seconds for run in runs]
            add("of first sync", median(shares), UNCHANGED_TARGET)
        else:
            add("floor s", median(floor for _, _, floor in done))
            add("ratio", median(outcome.seconds / floor for outcome, _, floor in done), TARGETS[step])
        add("rows changed", done[-1][1])
        add("rows written", max(outcome.written for outcome, _, _ in done), 0 if step == UNCHANGED else None)
        add("WAL MB", median(outcome.wal for outcome, _, _ in done))
        memory = [outcome.memory for outcome, _, _ in done if outcome.memory is not None]
        if memory:
            add("server MB", max(memory))
    return figures


def _growth(group: str, runs: dict[int, list[Steps]]) -> list[Figure]:
    """Return how many times as long ten times the entries take."""
    return [
        Figure(
            group, f"{10 * size:,} entries against {size:,}", step, "times as long",
            median(run[step][0].seconds for run in runs[10 * size]) / median(run[step][0].seconds for run in done),
            TENFOLD_TARGET, 10 * size,
        )
        for size, done in runs.items()
        if 10 * size in runs
        for step in STEPS
    ]  # fmt: skip


def _actions(group: str, runs: dict[int, list[Steps]]) -> list[Figure]:
    """Return what became of the entries: figures mean little if an engine recognises less."""
    return [
        Figure(f"{group}: actions", f"{size:,} entries", step, action, entries, size=size)
        for size, done in runs.items()
        for step, (outcome, _, _) in done[-1].items()
        for action, entries in sorted(outcome.actions.items())
    ]
