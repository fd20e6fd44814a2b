"""pymap history."""

from __future__ import annotations

from typing import Annotated

import typer

from pymap.cli.common import (
    EXIT_NOT_FOUND,
    AsJson,
    Dsn,
    Tenant,
    connect,
    console,
    id_argument,
    limit_option,
    local_time,
    print_json,
)
from pymap.cli.tables import print_table
from pymap.helper import ClientMediaItemHelper
from pymap.models import Event


def history(
    media_item: Annotated[int, id_argument("MEDIA_ITEM", "The media item, also one that was merged or deleted.")],
    limit: Annotated[int, limit_option("The most events to show.")] = 100,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Show the events of a media item, the newest first.

    Exit status 1 if there are none.
    """
    with connect(dsn) as connection:
        events = ClientMediaItemHelper(connection, tenant_id=tenant).history(media_item, limit)
    if as_json:
        print_json(events)
    elif events:
        _print(events)
    else:
        console.print(f"Media item {media_item} has no events.")
    if not events:
        raise typer.Exit(EXIT_NOT_FOUND)


def _print(events: list[Event]) -> None:
    print_table(
        ("Event", "When", "Who", "What", "Evidence", "Weight"),
        [
            (one.event_id, local_time(one.happened_at), one.actor, _what(one), one.evidence, one.weight)
            for one in events
        ],
    )


def _what(event: Event) -> str:
    before, after = event.media_item_before, event.media_item_after
    mapping = f"{event.client_item_id} of client {event.client_id}"
    what = {
        "mapped": f"mapped to {after}: {mapping}",
        "unmapped": f"unmapped from {before}: {mapping}",
        "moved": f"moved from {before} to {after}: {mapping}",
        "merged": f"merged {before} into {after}",
        "split": f"split {after} off {before}",
        "distinct": f"{before} and {after} are distinct",
        "undone": f"took back event {event.undoes}",
    }[event.kind]
    return what + (f" (taken back by event {event.undone_by})" if event.undone_by else "")
