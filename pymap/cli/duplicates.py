"""pymap duplicates."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pymap.cli.common import (
    MAX_LIMIT,
    AsJson,
    Dsn,
    MediaType,
    Tenant,
    connect,
    console,
    print_json,
    progress_console,
)
from pymap.cli.pairs import PairFinder
from pymap.cli.review import Review


def duplicates(
    media_type: MediaType = None,
    limit: Annotated[int | None, typer.Option(min=1, max=MAX_LIMIT, help="The most pairs to show.")] = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Show pairs of media items that may be the same thing; on a terminal, go through them and decide."""
    with connect(dsn) as connection:
        finder = PairFinder(connection, tenant, media_type, limit)
        with progress_console.status("Looking for duplicates…"):
            pairs = finder.find()
        if as_json:
            print_json([pair.as_json() for pair in pairs])
        elif not pairs:
            console.print("No duplicates were found.")
        elif sys.stdin.isatty() and sys.stdout.isatty():
            Review(finder).run(pairs)
        else:
            for position, pair in enumerate(pairs, 1):
                console.print(pair.shown(position, len(pairs)))
