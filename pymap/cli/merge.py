"""pymap merge."""

from __future__ import annotations

from typing import Annotated

from pymap.cli.common import AsJson, Dsn, Tenant, connect, console, id_argument, print_how_to_undo, print_json
from pymap.cli.media_items import describe, side_by_side
from pymap.helper import ClientMediaItemHelper


def merge(
    keep: Annotated[int, id_argument("KEEP", "The media item that is kept.")],
    duplicate: Annotated[int, id_argument("DUPLICATE", "The media item that goes into it; its ID stays valid.")],
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Make one media item of two."""
    with connect(dsn) as connection:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        event_id = helper.merge_media_items(keep, duplicate)
        kept = helper.resolve_media_item(keep)
        items = describe(connection, [kept], tenant)
    if as_json:
        print_json({"event_id": event_id, "media_item": items.get(kept)})
    elif event_id is None:
        console.print(f"Media items {keep} and {duplicate} are one already: media item {kept}.")
    else:
        console.print(f"Media item {duplicate} was merged into media item {kept}:")
        console.print(side_by_side(items.values()))
        print_how_to_undo(event_id, tenant)
