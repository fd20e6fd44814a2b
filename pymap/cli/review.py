"""pymap review."""

from __future__ import annotations

from typing import Annotated

from pymap.cli.common import AsJson, Dsn, Tenant, connect, id_argument, limit_option
from pymap.cli.dialogue import show_pairs
from pymap.cli.pairs import ReviewFinder


def review(
    media_item: Annotated[
        int | None, id_argument("MEDIA_ITEM", "Only this media item. Default: all that were ambiguous.")
    ] = None,
    limit: Annotated[int | None, limit_option("The most pairs to show.")] = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Go through ambiguous matches, and decide.

    It shows each media item that was created because a match was ambiguous, beside the media item that it may be.
    Without a terminal it prints a list.
    """
    with connect(dsn) as connection:
        show_pairs(ReviewFinder(connection, tenant, limit, media_item), as_json, "There is nothing to review.")
