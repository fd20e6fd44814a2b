"""The command line ``pymap``: one module for each command."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import psycopg
import typer

from pymap import __version__
from pymap.cli import bundle, demo, lookup, migrate, status, sync, translate
from pymap.cli.common import fail
from pymap.embedded import EmbeddedServerMissing
from pymap.errors import InvalidArgument, PymapError, from_database

NOT_INSTALLED = (psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedTable)
NOT_INSTALLED_HINT = "Is pymap installed in this database, in this version? Run: pymap migrate"

app = typer.Typer(
    name="pymap",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (migrate, status, sync, lookup, translate, bundle, demo):
    app.command()(getattr(module, module.__name__.rpartition(".")[2]))


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Which item IDs of media servers mean the same media item, kept in PostgreSQL.

    Exit status 1: something was not found or is not up to date; 2: an error.
    """
    if version:
        print(f"pymap {__version__}")
        raise typer.Exit


def _fail_as(error: PymapError) -> NoReturn:
    # The message of a bad argument has its value already.
    fail(str(error), None if isinstance(error, InvalidArgument) else error.detail, error.hint)


def main() -> None:
    """Run a command; every error that a user can cause is one line and exit status 2."""
    try:
        sys.exit(app(sys.argv[1:] or ["--help"], standalone_mode=False))
    except typer.TyperException as error:
        fail(error.format_message())
    except typer.Abort:
        fail("interrupted")
    except PymapError as error:
        _fail_as(error)
    except psycopg.Error as error:
        if ours := from_database(error):
            _fail_as(ours)
        diagnostic = error.diag
        hint = NOT_INSTALLED_HINT if isinstance(error, NOT_INSTALLED) else diagnostic.message_hint
        fail(diagnostic.message_primary or str(error), diagnostic.message_detail, hint)
    except (EmbeddedServerMissing, OSError, UnicodeError) as error:
        fail(str(error))
