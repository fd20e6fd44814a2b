"""pymap review."""

from __future__ import annotations

from typing import Annotated

import typer

from pymap.cli.common import MAX_LIMIT, AsJson, Dsn, Tenant, connect, id_argument
from pymap.cli.dialogue import show_pairs
from pymap.cli.pairs import ReviewFinder


def review(
    media_item: Annotated[
        int | None, id_argument("MEDIA_ITEM", "Only this one; default: all that a sync was not sure of.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, max=MAX_LIMIT, help="The most pairs to show.")] = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Show media items that a sync made because it was not sure, with what each may be; on a terminal, decide."""
    with connect(dsn) as connection:
        show_pairs(ReviewFinder(connection, tenant, limit, media_item), as_json, "There is nothing to review.")
