"""A plain database that answers like a coordinator of Citus which is its own only node, and pgTAP in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.conftest import Server

HERE = Path(__file__).resolve().parent
PGTAP_TESTS = sorted((HERE.parent / "sql").glob("test_*.sql"))
#: The schema of the cell; each of its tables is a shard of this number.
CELL = "pymap_102008"
SETTINGS = {"citus.propagate_set_commands": "local", "citus.enable_unsafe_triggers": "on"}

Connection = psycopg.Connection[Any]


def set_for_database(dsn: str, name: str, value: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            sql.SQL("alter database {} set {} = {}").format(
                sql.Identifier(conninfo_to_dict(dsn)["dbname"]), sql.SQL(name), sql.Literal(value)
            )
        )


def set_for_coordinator(dsn: str) -> None:
    for name, value in SETTINGS.items():
        set_for_database(dsn, name, value)


@contextmanager
def coordinator(server: Server, template: str) -> Iterator[str]:
    """Yield the DSN of a migrated database that is not converted yet."""
    with server.database(template) as dsn:
        set_for_coordinator(dsn)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute((HERE / "stand_ins.sql").read_bytes())
        yield dsn


def in_the_cell(text: str, connection: Connection) -> str:
    """Let a test name the shards and the functions of the cell."""
    shards = connection.execute("select relname from pg_class where relname ~ '_102008$' and relkind = 'r'")
    tables = {row[0].removesuffix("_102008") for row in shards}
    own = {
        row[0]
        for row in connection.execute(
            "select name from pymap_citus._cell_functions() union all select name from pymap_citus._cell_types()"
        )
    }

    def renamed(match: re.Match[str]) -> str:
        if match[1] in tables:
            return f"pymap.{match[1]}_102008"
        return f"{CELL}.{match[1]}" if match[1] in own else match[0]

    return re.sub(r"\bpymap\.([a-z_0-9]+)", renamed, text).replace("pronamespace = 'pymap'", f"pronamespace = '{CELL}'")


def pgtap(connection: Connection, text: str) -> list[str]:
    """Run a pgTAP script and return what it says about failures."""
    cursor = connection.execute(text.encode())
    lines: list[str] = []
    while True:
        if cursor.description:
            lines += [line for row in cursor.fetchall() for line in str(row[0]).splitlines()]
        if not cursor.nextset():
            break
    assert sum(line.startswith("ok ") for line in lines) > 0
    return [line for line in lines if line.startswith(("not ok", "# Looks like you planned"))]
