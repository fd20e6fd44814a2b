"""pymap duplicates."""

from __future__ import annotations

from typing import Annotated

from pymap.cli.common import AsJson, Dsn, MediaType, Tenant, connect, limit_option
from pymap.cli.dialogue import show_pairs
from pymap.cli.pairs import DuplicateFinder


def duplicates(
    media_type: MediaType = None,
    limit: Annotated[int | None, limit_option("The most pairs to show.")] = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Go through media items that may be the same, and decide.

    It shows pair after pair, the heaviest first. Without a terminal it prints a list.
    """
    with connect(dsn) as connection:
        show_pairs(DuplicateFinder(connection, tenant, limit, media_type), as_json, "No duplicates were found.")
