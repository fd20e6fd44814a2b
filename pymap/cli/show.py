"""pymap show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

from rich.markup import escape

from pymap.cli.common import (
    AsJson,
    Dsn,
    Tenant,
    comparisons_line,
    connect,
    console,
    id_argument,
    local_time,
    print_json,
)
from pymap.cli.tables import fields
from pymap.helper import ClientMediaItemHelper
from pymap.models import MediaItem, ToldItem

#: Room for the longest name but sources of external IDs, so that all values stand below each other.
_NAME_WIDTH = 12


def show(
    item: Annotated[int, id_argument("ITEM", "The media item, also one that was merged into another one.")],
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Show what is known of a media item and what each client reported."""
    with connect(dsn) as connection:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        (media_item,) = helper.get_media_items([helper.resolve_media_item(item)])
        told = helper.get_told_items([media_item.media_item_id])
    if as_json:
        print_json({"asked_for": item, **asdict(media_item), "client_items": told})
        return
    if media_item.media_item_id != item:
        console.print(f"Media item {item} was merged into media item {media_item.media_item_id}.\n")
    console.print(fields(_known(media_item), name_width=_NAME_WIDTH))
    for client_item in told:
        console.print(f"\n[bold]{client_item.client_type} {client_item.client_id}[/bold]")
        console.print(fields(_told(client_item), indent=2, name_width=_NAME_WIDTH))


def _known(item: MediaItem) -> Iterator[tuple[str, str]]:
    yield f"{item.media_type} {item.media_item_id}", escape(item.title or "no title")
    if item.release_year:
        yield "year", str(item.release_year)
    if item.parent_id:
        yield "part of", f"{escape(item.parent_title or 'no title')} ({item.parent_id})"
    if place := place_of(item.media_type, item.parent_number, item.number):
        yield "place", place
    if item.children:
        yield "parts", f"{item.children:,}"
    for one in item.external_ids:
        yield one["source"], escape(one["id"])
    yield "changed", local_time(item.updated_at)


def _told(item: ToldItem) -> Iterator[tuple[str, str]]:
    yield "ID", escape(item.client_item_id)
    if not item.is_told:
        yield "told", "nothing yet: the mapping was not made by a sync"
    if item.title:
        yield "title", escape(item.title)
    if item.release_year:
        yield "year", str(item.release_year)
    if item.parent_item_id:
        yield "part of", escape(item.parent_item_id)
    if item.number is not None:
        yield "number", f"{item.number}" if item.parent_number is None else f"{item.parent_number}x{item.number}"
    for source, ids in item.external_ids.items():
        yield source, escape(", ".join(ids))
    if item.path_key:
        # Stored from its end, which is what is compared.
        yield "file", escape("…/" + "/".join(reversed(item.path_key.split("/"))))
    if item.evidence:
        comparisons = f": {comparisons_line(item.comparisons)}" if item.comparisons else ""
        yield "matched by", item.evidence + ("" if item.weight is None else f", weight {item.weight}{comparisons}")


def place_of(media_type: str, parent_number: int | None, number: int | None) -> str | None:
    """Return the place of a media item in what it is part of, such as "season 1, number 2"."""
    group = "disc" if media_type == "track" else "season"
    parts = [f"{name} {value}" for name, value in ((group, parent_number), ("number", number)) if value is not None]
    return ", ".join(parts) or None
