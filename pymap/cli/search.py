"""pymap search."""

from __future__ import annotations

from typing import Annotated

import typer

from pymap.cli.common import EXIT_NOT_FOUND, AsJson, Dsn, MediaType, Tenant, connect, console, limit_option, print_json
from pymap.cli.tables import print_table
from pymap.helper import ClientMediaItemHelper
from pymap.models import FoundMediaItem


def search(
    title: Annotated[list[str], typer.Argument(help="A title, or a part of one, in any spelling.", metavar="TITLE")],
    media_type: MediaType = None,
    limit: Annotated[int, limit_option("The most media items to show.")] = 20,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Find media items by title, in any spelling.

    Titles that clients reported count too. Exit status 1 if nothing is found.
    """
    wanted = " ".join(title)
    with connect(dsn) as connection:
        found = ClientMediaItemHelper(connection, tenant_id=tenant).search_media_items(wanted, media_type, limit)
    if as_json:
        print_json(found)
    elif found:
        print_table(
            ("Media item", "Type", "Title", "Year", "Part of"),
            [(one.media_item_id, one.media_type, _title(one), one.release_year, one.parent_title) for one in found],
        )
        if len(found) == limit:
            console.print(f"The best {limit}; --limit shows more.")
    else:
        console.print(f"No title is like {wanted!r}.", markup=False)
    if not found:
        raise typer.Exit(EXIT_NOT_FOUND)


def _title(item: FoundMediaItem) -> str:
    title = item.title or "no title"
    return title if item.found_title == item.title else f"{title} (as {item.found_title})"
