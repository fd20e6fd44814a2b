"""What all commands share: the database, the options, how results are printed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, LiteralString

import psycopg
import typer
from psycopg.rows import dict_row
from rich.console import Console

from pymap._dsn import libpq_dsn
from pymap.embedded import start_embedded_server
from pymap.errors import PymapError
from pymap.helper import ClientMediaItemHelper

#: libpq's variables that name a server or a database.
_LIBPQ_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE")

EXIT_NOT_FOUND = 1
EXIT_ERROR = 2
EXIT_INTERRUPTED = 130

# A table that is read by a program keeps its lines.
_WIDTH = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 10_000
#: With NO_COLOR rich drops colors only; without a color system it also drops bold and italics.
COLOR_SYSTEM: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"

console = Console(width=_WIDTH, color_system=COLOR_SYSTEM, highlight=False)
progress_console = Console(stderr=True, color_system=COLOR_SYSTEM)

Dsn = Annotated[
    str | None,
    typer.Option(
        envvar="PYMAP_DSN",
        help="Connection string or URL. Default: libpq's variables (PGHOST, …), else an embedded server.",
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


def _is_limit(value: int | None) -> int | None:
    if value is not None and not 1 <= value <= MAX_LIMIT:
        raise typer.BadParameter(f"{value} is not a number from 1 up")
    return value


def limit_option(help: str) -> Any:
    """Return an option for the number of results."""
    return typer.Option(callback=_is_limit, help=help)


Tenant = Annotated[int, id_option(help="The household; 0 if there is only one.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors and warnings only.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
MediaType = Annotated[str | None, typer.Option(help="Only this media type.")]
#: The largest number that the database takes as a limit.
MAX_LIMIT = 2**63 - 1


def is_embedded(dsn: str | None) -> bool:
    """Tell whether no database is named, so that the embedded server's is used."""
    return not dsn and not any(os.environ.get(name) for name in _LIBPQ_VARIABLES)


def database(dsn: str | None) -> str:
    """Return the DSN to use: the one given, libpq's own, or the embedded server's."""
    if is_embedded(dsn):
        return start_embedded_server()
    return libpq_dsn(dsn) if dsn else ""


def connect(dsn: str | None) -> psycopg.Connection[Any]:
    """Connect to the database; every statement is a transaction of its own."""
    # Statements are not prepared: behind a pooler in transaction mode they would stay in a session that others use.
    return psycopg.connect(database(dsn), application_name="pymap", autocommit=True, prepare_threshold=None)


def fetch(
    connection: psycopg.Connection[Any], query: LiteralString, parameters: dict[str, Any]
) -> list[dict[str, Any]]:
    """Run a query and return its rows by column name."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, parameters).fetchall()


def require_client(helper: ClientMediaItemHelper, client_id: int) -> None:
    """Raise PymapError, with the clients that there are, if a client is not one of them."""
    clients = helper.get_clients()
    if not any(client.client_id == client_id for client in clients):
        known = ", ".join(f"{client.client_id} ({client.client_type})" for client in clients)
        raise PymapError(
            f"there is no client {client_id}",
            hint=f"There are: {known}" if clients else "There is none yet: pymap sync --help",
        )


def can_ask() -> bool:
    """Tell whether somebody is there who reads questions and types answers."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str) -> bool:
    """Ask a question that is answered by yes or no; no answer is no."""
    try:
        return console.input(f"{question} [y/N] ", markup=False).strip().lower() in ("y", "yes")
    except EOFError:
        console.print()
        return False


def print_json(value: Any) -> None:
    """Print a result for programs."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def comparisons_line(comparisons: Mapping[str, int]) -> str:
    """Return the weight of each field in one line, the heaviest first."""
    ranked = sorted(comparisons.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{field} {weight:+}" for field, weight in ranked)


def local_time(moment: datetime) -> str:
    """Return a time as people read it, in their time zone."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def for_tenant(command: str, tenant: int) -> str:
    """Return a command that a user may copy."""
    return command + (f" --tenant {tenant}" if tenant else "")


def print_how_to_undo(event_id: int, tenant: int) -> None:
    """Print the command that takes an event back."""
    console.print(f"That is event {event_id}; to take it back: {for_tenant(f'pymap undo {event_id}', tenant)}")
