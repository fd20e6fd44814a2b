"""What all commands share: the database, the options, how results and errors are printed."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated, Any, LiteralString, NoReturn

import psycopg
import typer
from psycopg.rows import dict_row
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pymap.embedded import start_embedded_server

#: libpq's variables that name a server or a database.
_LIBPQ_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE")

EXIT_NOT_FOUND = 1
EXIT_ERROR = 2

console = Console()
progress_console = Console(stderr=True)

Dsn = Annotated[
    str | None,
    typer.Option(
        envvar="PYMAP_DSN",
        help="Connection string or URL; default: libpq's variables (PGHOST, …), else an embedded server.",
    ),
]


def _fits_bigint(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise typer.BadParameter(f"{value} is beyond bigint")
    return value


def id_option(*names: str, help: str) -> Any:
    """Return an option for a number that has to fit the database's bigint; the database judges the rest."""
    return typer.Option(*names, callback=_fits_bigint, help=help)


Tenant = Annotated[int, id_option(help="The household; 0 where there is only one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
MediaType = Annotated[str | None, typer.Option(help="Only this media type.")]


def database(dsn: str | None) -> str:
    """Return the DSN to use: the one given, libpq's own, or the embedded server's."""
    if dsn:
        return dsn
    if any(os.environ.get(name) for name in _LIBPQ_VARIABLES):
        return ""
    return start_embedded_server()


def connect(dsn: str | None) -> psycopg.Connection[Any]:
    """Connect to the database; every statement is a transaction of its own."""
    return psycopg.connect(database(dsn), application_name="pymap", autocommit=True)


def fetch(
    connection: psycopg.Connection[Any], query: LiteralString, parameters: dict[str, Any]
) -> list[dict[str, Any]]:
    """Run a query and return its rows by column name."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, parameters).fetchall()


def print_rows(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print rows as a table, or as JSON; there is at least one."""
    if as_json:
        print_json(rows)
        return
    table = Table()
    for name in rows[0]:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*("-" if value is None else escape(str(value)) for value in row.values()))
    console.print(table)


def print_json(value: Any) -> None:
    """Print a result for programs."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def fail(message: str, detail: str | None = None, hint: str | None = None) -> NoReturn:
    """Print one line and end with the exit status of errors."""
    line = message + (f" ({detail.rstrip('.')})" if detail else "") + (f". {hint}" if hint else "")
    print(f"pymap: error: {' '.join(line.split())}", file=sys.stderr)
    sys.exit(EXIT_ERROR)
