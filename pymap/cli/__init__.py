"""The command line ``pymap``: one module for each command."""

from __future__ import annotations

import psycopg
import typer

from pymap.cli import bundle, demo, lookup, migrate, status, sync, translate
from pymap.cli.common import fail
from pymap.embedded import EmbeddedServerMissing
from pymap.errors import PymapError

app = typer.Typer(
    name="pymap",
    help="Which item IDs of media servers mean the same media item, kept in PostgreSQL.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (migrate, status, sync, lookup, translate, bundle, demo):
    app.command()(getattr(module, module.__name__.rpartition(".")[2]))


def main() -> None:
    """Run a command; every error that a user can cause is one line and exit status 2."""
    try:
        app()
    except PymapError as error:
        fail(str(error), error.detail, error.hint)
    except psycopg.Error as error:
        diagnostic = error.diag
        fail(diagnostic.message_primary or str(error), diagnostic.message_detail, diagnostic.message_hint)
    except (EmbeddedServerMissing, OSError) as error:
        fail(str(error))
