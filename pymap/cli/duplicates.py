"""pymap duplicates."""

from __future__ import annotations

from typing import Annotated

import typer

from pymap.cli.common import MAX_LIMIT, AsJson, Dsn, MediaType, Tenant, connect
from pymap.cli.dialogue import show_pairs
from pymap.cli.pairs import DuplicateFinder


def duplicates(
    media_type: MediaType = None,
    limit: Annotated[int | None, typer.Option(min=1, max=MAX_LIMIT, help="The most pairs to show.")] = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Show pairs of media items that may be the same thing; on a terminal, go through them and decide."""
    with connect(dsn) as connection:
        show_pairs(DuplicateFinder(connection, tenant, limit, media_type), as_json, "No duplicates were found.")
