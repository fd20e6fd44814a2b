"""The command line ``pymap``: one module for each command."""

from __future__ import annotations

import sys
from typing import Annotated

import psycopg
import typer

from pymap import __version__
from pymap.cli import (
    bench,
    bundle,
    demo,
    distinct,
    doctor,
    duplicates,
    fetch,
    history,
    lookup,
    merge,
    migrate,
    review,
    servers,
    split,
    status,
    sync,
    translate,
    undo,
    why,
)
from pymap.cli.common import error_line, fail
from pymap.cli.warnings import show_as_lines
from pymap.embedded import EmbeddedServerMissing
from pymap.errors import PymapError, from_database

NOT_INSTALLED = (psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedTable)
NOT_INSTALLED_HINT = "Is pymap installed in this database, in this version? Run: pymap migrate"

app = typer.Typer(
    name="pymap",
    add_completion=False,
    pretty_exceptions_enable=False,
)
COMMANDS = (
    *(migrate, status, sync, fetch, lookup, translate),
    *(why, review, duplicates, merge, split, distinct, undo, history, doctor),
    *(bundle, bench, demo),
)
for module in COMMANDS:
    app.command()(getattr(module, module.__name__.rpartition(".")[2]))
app.add_typer(servers.app, name="servers")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"pymap {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Which item IDs of media servers mean the same media item, kept in PostgreSQL.

    Exit status 1: something was not found, is not up to date or is damaged; 2: an error.
    """


def main() -> None:
    """Run a command; every error that a user can cause is one line and exit status 2."""
    show_as_lines()
    try:
        sys.exit(app(sys.argv[1:] or ["--help"], standalone_mode=False))
    except typer.TyperException as error:
        fail(error.format_message())
    except PymapError as error:
        fail(error_line(error))
    except psycopg.Error as error:
        if ours := from_database(error):
            fail(error_line(ours))
        diagnostic = error.diag
        hint = NOT_INSTALLED_HINT if isinstance(error, NOT_INSTALLED) else diagnostic.message_hint
        fail(diagnostic.message_primary or str(error), diagnostic.message_detail, hint)
    except (EmbeddedServerMissing, OSError, UnicodeError) as error:
        fail(str(error))
