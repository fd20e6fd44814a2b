"""pymap review."""

from __future__ import annotations

from typing import Annotated

from pymap.cli.common import AsJson, Dsn, Tenant, connect, id_argument, limit_option
from pymap.cli.dialogue import show_pairs
from pymap.cli.pairs import ReviewFinder


def review(
    media_item: Annotated[
        int | None, id_argument("MEDIA_ITEM", "Only this one; default: all that a sync was not sure of.")
    ] = None,
    limit: Annotated[int | None, limit_option("The most pairs to show.")] = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Go through what syncs were not sure of, and decide.

    Each media item that a sync made because it was not sure, beside what it may be. Without a terminal: a list.
    """
    with connect(dsn) as connection:
        show_pairs(ReviewFinder(connection, tenant, limit, media_item), as_json, "There is nothing to review.")
