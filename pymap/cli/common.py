"""What all commands share: the database, the options, how results and errors are printed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, LiteralString, NoReturn

import psycopg
import typer
from psycopg.rows import dict_row
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pymap.embedded import start_embedded_server
from pymap.errors import InvalidArgument, PymapError

#: libpq's variables that name a server or a database.
_LIBPQ_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE")

EXIT_NOT_FOUND = 1
EXIT_ERROR = 2

# A table that is read by a program keeps its lines.
_WIDTH = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 10_000

console = Console(width=_WIDTH)
progress_console = Console(stderr=True)

Dsn = Annotated[
    str | None,
    typer.Option(
        envvar="PYMAP_DSN",
        help="Connection string or URL; default: libpq's variables (PGHOST, …), else an embedded server.",
    ),
]


def _fits_bigint(value: int | None) -> int | None:
    if value is not None and not -(2**63) <= value < 2**63:
        raise typer.BadParameter(f"{value} is beyond bigint")
    return value


def id_option(*names: str, help: str) -> Any:
    """Return an option for a number that has to fit the database's bigint; the database judges the rest."""
    return typer.Option(*names, callback=_fits_bigint, help=help)


def id_argument(metavar: str, help: str) -> Any:
    """Return an argument for such a number."""
    return typer.Argument(metavar=metavar, callback=_fits_bigint, help=help)


Tenant = Annotated[int, id_option(help="The household; 0 where there is only one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
MediaType = Annotated[str | None, typer.Option(help="Only this media type.")]
#: The largest number that the database takes as a limit.
MAX_LIMIT = 2**63 - 1


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
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else asdict(value)


def comparisons_line(comparisons: Mapping[str, int]) -> str:
    """Return the weight of each field in one line, the heaviest first."""
    ranked = sorted(comparisons.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{field} {weight:+}" for field, weight in ranked)


def print_how_to_undo(event_id: int, tenant: int) -> None:
    """Print the command that takes an event back."""
    command = f"pymap undo {event_id}" + (f" --tenant {tenant}" if tenant else "")
    console.print(f"That is event {event_id}; to take it back: {command}", highlight=False)


def error_line(error: PymapError) -> str:
    """Return an error of the database's functions as one line."""
    # The message of a bad argument has its value already.
    detail = None if isinstance(error, InvalidArgument) else error.detail
    return _one_line(str(error), detail, error.hint)


def fail(message: str, detail: str | None = None, hint: str | None = None) -> NoReturn:
    """Print one line and end with the exit status of errors."""
    print(f"pymap: error: {_one_line(message, detail, hint)}", file=sys.stderr)
    sys.exit(EXIT_ERROR)


def _one_line(message: str, detail: str | None, hint: str | None) -> str:
    line = message + (f" ({detail.rstrip('.')})" if detail else "") + (f". {hint}" if hint else "")
    return " ".join(line.split())
