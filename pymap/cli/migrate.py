"""pymap migrate."""

from __future__ import annotations

from typing import Annotated

import typer

import pymap
from pymap.cli.common import AsJson, Dsn, Quiet, console, database, print_json


def migrate(
    dsn: Dsn = None,
    break_lock: Annotated[
        bool, typer.Option("--break-lock", help="Remove the lock that a killed migration left behind.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Install or upgrade pymap in a database.

    Safe to run again, and at the same time as others.
    """
    applied = pymap.migrate(database(dsn), break_lock=break_lock)
    if as_json:
        print_json({"applied": applied})
    elif quiet:
        return
    elif applied:
        console.print(f"Applied {', '.join(applied)}; all functions are up to date.")
    else:
        console.print("The schema was up to date; all functions are up to date.")
