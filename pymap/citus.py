"""Runs pymap on the nodes of Citus: converts a database, and makes cells anew when shards move or functions change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row, scalar_row

from pymap._files import shipped_directory
from pymap.errors import CitusError

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Cell:
    """A copy of pymap's functions for the shards of one group of tenants; action: made, kept or dropped."""

    node: str
    cell: str
    action: str


@dataclass(frozen=True)
class Problem:
    """A problem that keeps a converted database from serving its tenants."""

    node: str
    subject: str
    problem: str


def conversion(dsn: str) -> list[str]:
    """Return the statements that would convert a database, and change nothing."""
    with psycopg.connect(dsn) as connection:
        install(connection)
        _require_no_obstacles(connection)
        statements = _scalars(connection, "select * from pymap_citus._conversion()")
        connection.rollback()
    return statements


def convert(dsn: str) -> list[Cell]:
    """Distribute pymap's tables by tenant and make the cells; what is done already is left as it is."""
    with psycopg.connect(dsn) as connection:
        install(connection)
        _require_no_obstacles(connection)
        for statement in _scalars(connection, "select * from pymap_citus._conversion()"):
            connection.execute(statement.encode())
    return refresh(dsn)


def refresh(dsn: str) -> list[Cell]:
    """Bring what has changed to all nodes, make cells that are missing or outdated, drop those whose shard has gone."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        _require_converted(connection)
        with connection.transaction():
            _require_no_obstacles(connection)
            connection.execute("set local citus.multi_shard_modify_mode = 'sequential'")
            for statement in _scalars(connection, "select statement from pymap_citus._spreading()"):
                connection.execute(statement.encode())
            connection.execute("select pymap_citus._note_spread()")
        with connection.cursor(row_factory=class_row(Cell)) as cursor:
            return cursor.execute("select * from pymap_citus.refresh_cells()").fetchall()


def check(dsn: str) -> list[Problem]:
    """Return the problems that keep a converted database from serving its tenants; none if all is well."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        _require_converted(connection)
        with connection.cursor(row_factory=class_row(Problem)) as cursor:
            return cursor.execute("select * from pymap_citus.check_cells()").fetchall()


def is_converted(connection: Connection) -> bool:
    """Return whether a database was converted."""
    return connection.execute("select to_regnamespace('pymap_citus') is not null").fetchone() == (True,)


def install(connection: Connection) -> None:
    """Install sql/citus in the caller's transaction."""
    folder = shipped_directory("sql", "sql") / "citus"
    connection.execute("set local check_function_bodies = off")
    connection.execute("set local search_path = pg_catalog, pg_temp")
    # What nodes need of it, they get by themselves.
    connection.execute("set local citus.enable_ddl_propagation = off")
    for file in [folder / "schema.sql", *sorted(folder.glob("functions/*.sql"))]:
        connection.execute(file.read_bytes())
    connection.execute("set local citus.enable_ddl_propagation = on")
    connection.execute("set local search_path to default")


def _require_converted(connection: Connection) -> None:
    if not is_converted(connection):
        raise CitusError("this database was not converted", hint="Run: pymap citus convert")


def _require_no_obstacles(connection: Connection) -> None:
    obstacles = connection.execute("select problem, hint from pymap_citus._obstacles()").fetchall()
    if obstacles:
        raise CitusError(
            f"not ready for Citus: {'; '.join(problem for problem, _ in obstacles)}",
            hint=" ".join(hint for _, hint in obstacles),
        )


def _scalars(connection: Connection, query: str) -> list[str]:
    with connection.cursor(row_factory=scalar_row) as cursor:
        return cursor.execute(query.encode()).fetchall()
