"""``pymap bench``: measures pymap beside hand-written queries, in one run, and prints ratios.

A ratio is the median of the ratios of all repetitions, so that other work on the machine hardly changes it.
"""

from __future__ import annotations

import os
import random
import time
from statistics import median
from typing import Annotated, Any

import psycopg
import typer
from psycopg import sql
from psycopg.conninfo import make_conninfo
from rich.progress import Progress
from rich.table import Table

import pymap
from pymap.cli.common import Dsn, console, database, progress_console

from .contests import Contest, Session, contests
from .data import Sample, fill
from .syncs import measure_syncs

DATABASE = "pymap_bench"


def bench(
    items: Annotated[int, typer.Option(help="Media items; each has a mapping on three clients.", min=2000)] = 200_000,
    repeat: Annotated[int, typer.Option(help="Repetitions, of which the median counts.", min=1)] = 9,
    sync_items: Annotated[int, typer.Option(help="Items of a listing that is synced; 0: none.", min=0)] = 1_000_000,
    dsn: Dsn = None,
    keep: Annotated[bool, typer.Option(help="Keep the database pymap_bench.")] = False,
) -> None:
    """Measure pymap beside hand-written queries, as a superuser, in a database of its own.

    The first line of each group is a program without pymap. Drops the database pymap_bench of the server
    before and after.
    """
    server = database(dsn)
    target = make_conninfo(server, dbname=DATABASE)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(DATABASE)))
        admin.execute(sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(DATABASE)))
        pymap.migrate(target)
        with psycopg.connect(target, autocommit=True) as connection:
            fill(connection, items)
            version = connection.info.parameter_status("server_version")
            size = f"{items:,} media items, {3 * items:,} mappings"
            console.print(f"PostgreSQL {version}, {os.cpu_count()} cores, {size}\n")
            _print_sizes(connection, 3 * items)
            console.print(f"Medians of {repeat} interleaved repetitions. Ratio: time against a group's first line,")
            console.print("the median of the repetitions' own ratios.\n")
            console.print(_results(target, items, repeat))
            if sync_items:
                connection.execute("truncate pymap.media_items")
                console.print(f"\nSync of a listing of {sync_items:,} items; memory: peak growth of each process\n")
                console.print(measure_syncs(target, sync_items))
        if not keep:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(DATABASE)))
            admin.execute("drop role pymap_bench")


def _results(dsn: str, items: int, repeat: int) -> Table:
    table = Table("", "per second", "median ms", "ratio", box=None, padding=(0, 1))
    for column in table.columns[1:]:
        column.justify = "right"
    table.columns[0].no_wrap = True
    with Progress(console=progress_console, transient=True) as progress:
        todo = contests(items, 1000)
        task = progress.add_task("measure", total=len(todo) * repeat)
        for contest in todo:
            times = _times(dsn, contest, items, repeat, lambda: progress.advance(task))
            first = next(iter(times.values()))
            table.add_row(f"[bold]{contest.title}[/bold]")
            for name, seconds in times.items():
                rate = f"{contest.things / median(seconds):,.0f}"
                ratio = median(one / other for one, other in zip(seconds, first, strict=True))
                table.add_row(f"  {name}", rate, f"{median(seconds) * 1000:,.1f}", f"{ratio:.2f}")
    return table


def _times(dsn: str, contest: Contest, items: int, repeat: int, advance: Any) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in contest.contenders}
    with psycopg.connect(dsn) as connection:
        if contest.role:
            connection.execute(sql.SQL("set session role {}").format(sql.Identifier(contest.role)))
            connection.commit()
        session = Session(connection, items)
        for round_ in range(repeat + 1):
            sample = Sample(items, min(1000, contest.things))
            for name, contend in random.sample(list(contest.contenders.items()), len(contest.contenders)):
                connection.execute("select")
                start = time.perf_counter()
                contend(session, sample)
                seconds = time.perf_counter() - start
                connection.rollback()
                # The first round warms caches and plans up.
                if round_:
                    times[name].append(seconds)
            advance()
    return times


def _print_sizes(connection: psycopg.Connection[Any], mappings: int) -> None:
    table = Table("", "MB", "bytes per mapping", box=None, padding=(0, 1))
    for column in table.columns[1:]:
        column.justify = "right"
    rows = connection.execute("""
        select c.oid::regclass::text, pg_table_size(c.oid), pg_indexes_size(c.oid)
        from pg_class as c
        where c.oid in ('pymap.media_items'::regclass, 'pymap.mappings'::regclass, 'pymap.external_ids'::regclass,
                        'pymap.mapping_events'::regclass, 'own.mappings'::regclass)
        order by 1 desc
    """)
    for name, heap, indexes in rows:
        for what, size in ((name, heap), (f"{name}, indexes", indexes)):
            table.add_row(what, f"{size / 1e6:,.0f}", f"{size / mappings:,.0f}")
    console.print(table)
    console.print()
