"""pymap sync."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from pymap.cli.common import AsJson, Dsn, Tenant, connect, console, id_option, print_json, progress_console
from pymap.cli.listings import ListingError, read_listing
from pymap.errors import InvalidArgument
from pymap.helper import ClientMediaItemHelper
from pymap.models import MappedItem

BATCH_SIZE = 1000
ACTIONS = ("created", "matched", "kept")


def sync(
    files: Annotated[list[str], typer.Argument(help="JSON answers of the server, also .gz or '-'.", metavar="FILE")],
    client: Annotated[int, id_option(help="The client's ID, from 1 up.")],
    type_: Annotated[str, typer.Option("--type", help="The client's type, such as plex or jellyfin.")],
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Map every entry of a client's listing; run it again if it was interrupted."""
    listings = {file: read_listing(file) for file in files}
    with connect(dsn) as connection:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        items = [item for file, listing in listings.items() for item in _items(helper, type_, file, listing)]
        mapped = list(map_items(helper, client, type_, items))
    unusable = [item for item in items if "error" in item]
    if as_json:
        print_json(
            {
                "client_id": client,
                "client_type": type_,
                "items": [asdict(row) for row in mapped if row.action != "unusable"],
                "unusable": unusable,
            }
        )
    else:
        _print_summary(client, type_, mapped, unusable)


def _items(helper: ClientMediaItemHelper, client_type: str, file: str, listing: Any) -> list[dict[str, Any]]:
    try:
        return helper.items_from_response(client_type, listing)
    except InvalidArgument as error:
        raise ListingError(f"{file}: {error}. {error.hint}") from error


def map_items(
    helper: ClientMediaItemHelper, client_id: int, client_type: str, items: list[dict[str, Any]]
) -> Iterator[MappedItem]:
    """Map the items batch by batch, with a progress bar on a terminal.

    Each batch wants a transaction of its own: two syncs that held the claims of several could deadlock.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=progress_console, transient=True, disable=not progress_console.is_terminal) as bar:
        task = bar.add_task(f"{client_type} {client_id}", total=len(items))
        # Also without items, so that client and type are checked.
        for start in range(0, max(len(items), 1), BATCH_SIZE):
            batch = items[start : start + BATCH_SIZE]
            yield from helper.get_or_create_mappings(client_id, client_type, batch)
            bar.advance(task, len(batch))


def _print_summary(client_id: int, client_type: str, mapped: list[MappedItem], unusable: list[dict[str, Any]]) -> None:
    counts = Counter((row.media_type, row.action) for row in mapped if row.media_type)
    table = Table("Media type", *ACTIONS, title=f"Client {client_id} ({client_type})")
    for column in table.columns[1:]:
        column.justify = "right"
    for media_type in sorted({media_type for media_type, _ in counts if media_type}):
        table.add_row(media_type, *(f"{counts[media_type, action]:,}" for action in ACTIONS))
    console.print(table)
    for item in unusable:
        entry = json.dumps(item.get("entry"), ensure_ascii=False)
        console.print(f"not mapped: {item['error']} {entry}", style="yellow", markup=False, soft_wrap=True)
