"""pymap distinct."""

from __future__ import annotations

from typing import Annotated

from pymap.cli.common import AsJson, Dsn, Tenant, connect, console, id_argument, print_how_to_undo, print_json
from pymap.helper import ClientMediaItemHelper


def distinct(
    media_item: Annotated[int, id_argument("MEDIA_ITEM", "A media item.")],
    other: Annotated[int, id_argument("OTHER", "Another media item that is not the same.")],
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Note that two media items are not the same.

    They are never matched, merged or proposed again.
    """
    with connect(dsn) as connection:
        event_id = ClientMediaItemHelper(connection, tenant_id=tenant).mark_distinct(media_item, other)
    if as_json:
        print_json({"event_id": event_id})
    elif event_id is None:
        console.print(f"That media items {media_item} and {other} are distinct was known already.")
    else:
        console.print(f"Media items {media_item} and {other} are distinct.")
        print_how_to_undo(event_id, tenant)
