"""The command line ``pymap``: one module for each command."""

from __future__ import annotations

import sys

import psycopg
import typer

from pymap.cli import bundle, demo, lookup, migrate, status, sync, translate
from pymap.cli.common import fail
from pymap.embedded import EmbeddedServerMissing
from pymap.errors import PymapError

NOT_INSTALLED = (psycopg.errors.InvalidSchemaName, psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedTable)
NOT_INSTALLED_HINT = "Is pymap installed in this database, in this version? Run: pymap migrate"

app = typer.Typer(
    name="pymap",
    help="Which item IDs of media servers mean the same media item, kept in PostgreSQL.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (migrate, status, sync, lookup, translate, bundle, demo):
    app.command()(getattr(module, module.__name__.rpartition(".")[2]))


def main() -> None:
    """Run a command; every error that a user can cause is one line and exit status 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except typer.TyperException as error:
        fail(error.format_message())
    except typer.Abort:
        fail("interrupted")
    except PymapError as error:
        fail(str(error), error.detail, error.hint)
    except psycopg.Error as error:
        diagnostic = error.diag
        hint = NOT_INSTALLED_HINT if isinstance(error, NOT_INSTALLED) else diagnostic.message_hint
        fail(diagnostic.message_primary or str(error), diagnostic.message_detail, hint)
    except (EmbeddedServerMissing, OSError) as error:
        fail(str(error))
