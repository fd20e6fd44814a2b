"""pymap undo."""

from __future__ import annotations

from typing import Annotated

from pymap.cli.common import AsJson, Dsn, Tenant, connect, console, id_argument, print_json
from pymap.helper import ClientMediaItemHelper


def undo(
    event: Annotated[int, id_argument("EVENT", "The event, as the history shows it.")],
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Take an event back.

    The event is a merge, a split, a pair marked as distinct, or the change of a mapping.
    """
    with connect(dsn) as connection:
        event_id = ClientMediaItemHelper(connection, tenant_id=tenant).undo(event)
    if as_json:
        print_json({"event_id": event_id, "undoes": event})
    else:
        console.print(f"Event {event} was taken back. The undo is event {event_id}.")
