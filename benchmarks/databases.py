"""Fresh databases with pymap in them, copied from one that was migrated once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

import pymap

from .catalogue import tables

#: Just migrated. The others are copies of it, or of such a copy.
MIGRATED = "pymap_bench"
RUN = "pymap_bench_run"
FILLED = "pymap_bench_filled"


class Databases:
    """The databases of a benchmark on one server, dropped before and after."""

    def __init__(self, server: str) -> None:
        self._server = server

    @contextmanager
    def migrated(self) -> Iterator[None]:
        """Make the database that the others are copied from."""
        with self._database(MIGRATED, "template0", "encoding 'UTF8'") as dsn:
            pymap.migrate(dsn)
            with psycopg.connect(dsn, autocommit=True) as connection:
                for table in tables(connection):
                    # Statistics and dead rows are as the measurement left them, not as chance has it.
                    connection.execute(sql.SQL("alter table {} set (autovacuum_enabled = off)").format(table.name))
            yield

    @contextmanager
    def fresh(self, name: str = RUN, template: str = MIGRATED) -> Iterator[str]:
        """Make a database, return its DSN, drop it afterwards."""
        with self._database(name, template) as dsn:
            yield dsn

    @contextmanager
    def _database(self, name: str, template: str, options: str = "") -> Iterator[str]:
        self._execute("drop database if exists {} with (force)", name)
        self._execute("create database {} template {} " + options, name, template)
        try:
            yield make_conninfo(self._server, dbname=name)
        finally:
            self._execute("drop database {} with (force)", name)

    def _execute(self, command: str, *names: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))
