"""``pymap bench``: measures pymap beside raw queries, in one run, and prints ratios and what they should be."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from psycopg import sql

from pymap import __version__
from pymap.cli.common import Dsn, console, database

from . import contests, data
from .batches import batches
from .busy import busy
from .databases import Databases
from .figures import Figure, table, write
from .growth import growth
from .lookups import lookups
from .plan import Plan
from .syncs import after_deletes, synced, without_statistics
from .writes import writes

#: Look-ups or items of a contest; of few media items a twentieth.
SIZE = 1000


def _contests(plan: Plan) -> list[Figure]:
    with plan.databases.fresh() as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        try:
            data.fill(connection, plan.items)
            figures = data.sizes(connection, plan.items)
            size = min(SIZE, plan.items // 20)
            for group, todo in (
                ("lookups", lookups(plan.items, size)),
                ("writes", writes(size)),
            ):
                figures += contests.measure(dsn, group, todo, plan.items, plan.repeat)
        finally:
            connection.execute(sql.SQL("drop owned by {0}; drop role {0}").format(sql.Identifier(data.ROLE)))
    return figures


class Group(StrEnum):
    """What can be measured alone."""

    CONTESTS = "contests"
    SYNC = "sync"
    NO_STATISTICS = "no-statistics"
    AFTER_DELETES = "after-deletes"
    BATCH = "batch"
    BUSY = "busy"
    GROWTH = "growth"


_MEASURE: dict[Group, Callable[[Plan], list[Figure]]] = {
    Group.CONTESTS: _contests,
    Group.SYNC: synced,
    Group.NO_STATISTICS: without_statistics,
    Group.AFTER_DELETES: after_deletes,
    Group.BATCH: batches,
    Group.BUSY: busy,
    Group.GROWTH: growth,
}


def bench(
    group: Annotated[list[Group], typer.Option(help="Measure only this; may be repeated.")] = list(Group),  # noqa: B006
    items: Annotated[int, typer.Option(help="Media items of the contests; three mappings each.", min=2000)] = 200_000,
    sync_items: Annotated[
        list[int], typer.Option(help="Entries of a listing that is synced; may be repeated.", min=100)
    ] = [3_000, 30_000, 300_000],  # noqa: B006
    repeat: Annotated[
        int, typer.Option(help="Repetitions; of syncs a third, of those beyond 100,000 entries one.", min=1)
    ] = 9,
    json: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    dsn: Dsn = None,
) -> None:
    """Measure pymap beside hand-written queries, as a superuser, in databases of its own.

    Of a group's lines the first is a program without pymap, unless there is a column for it. Drops the databases
    pymap_bench, pymap_bench_run and pymap_bench_filled of the server before and after. Nothing uses more entries than
    the largest listing.
    """
    databases = Databases(database(dsn))
    plan = Plan(databases, items, tuple(sorted(set(sync_items))), repeat)
    figures: list[Figure] = []
    with databases.migrated():
        with databases.fresh() as fresh, psycopg.connect(fresh) as connection:
            server = _server(connection)
        console.print(f"PostgreSQL {server['server']}, {server['cores']} cores, medians of interleaved repetitions.")
        console.print("Ratio: time against the raw queries of the same repetition; beside it the most it should be.")
        for name in dict.fromkeys(group):
            measured = _MEASURE[name](plan)
            figures += measured
            for title in dict.fromkeys(figure.group for figure in measured):
                console.print(f"\n[bold]{title}[/bold]")
                console.print(table([figure for figure in measured if figure.group == title]))
            if json:
                write(json, server, figures)


def _server(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    settings = connection.execute(
        "select name, current_setting(name) from pg_settings where name = any(%s)",
        [["shared_buffers", "work_mem", "max_wal_size", "fsync", "synchronous_commit", "full_page_writes"]],
    )
    return {
        "pymap": __version__,
        "server": str(connection.info.parameter_status("server_version")),
        "cores": os.cpu_count(),
        "settings": dict(settings.fetchall()),
    }
