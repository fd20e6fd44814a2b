"""pymap migrate."""

from __future__ import annotations

import pymap
from pymap.cli.common import AsJson, Dsn, console, database, print_json


def migrate(dsn: Dsn = None, as_json: AsJson = False) -> None:
    """Install or upgrade pymap in a database; safe to run again."""
    applied = pymap.migrate(database(dsn))
    if as_json:
        print_json({"applied": applied})
    elif applied:
        console.print(f"Applied {', '.join(applied)}; all functions are up to date.")
    else:
        console.print("The schema was up to date; all functions are up to date.")
