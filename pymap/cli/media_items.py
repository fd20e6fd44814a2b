"""Describes media items: what a person looks at to judge whether two of them are the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from rich.markup import escape
from rich.table import Table

from pymap.helper import ClientMediaItemHelper

_KNOWN = ("media_type", "title", "release_year", "parent_id", "parent_title", "parent_number", "number")


def describe(helper: ClientMediaItemHelper, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the media items by their ID; those that are gone, or merged into another one, are left out."""
    wanted = sorted(set(ids))
    clients: dict[int, list[dict[str, Any]]] = {}
    for told in helper.get_told_items(wanted):
        client = {name: getattr(told, name) for name in ("client_id", "client_type", "client_item_id")}
        clients.setdefault(told.media_item_id, []).append(client)
    return {
        item.media_item_id: {
            "media_item_id": item.media_item_id,
            **{name: getattr(item, name) for name in _KNOWN},
            "clients": clients.get(item.media_item_id, []),
            "external_ids": item.external_ids,
        }
        for item in helper.get_media_items(wanted)
        if item.merged_into is None
    }


def side_by_side(
    items: Iterable[dict[str, Any]],
    shared_external_ids: Iterable[dict[str, str]] = (),
    contradicting: Collection[str] = (),
) -> Table:
    """Return a table with a column for each media item; ``contradicting`` are fields in which they contradict."""
    shared = {(one["source"], one["id"]) for one in shared_external_ids}
    columns = {item["media_item_id"]: _fields(item, shared) for item in items}
    table = Table("")
    for id_ in columns:
        table.add_column(f"media item {id_}", overflow="fold", ratio=1)
    for key in sorted(set().union(*columns.values())):
        mark = " [red](differs)[/red]" if key[-1] in contradicting else ""
        table.add_row(escape(key[-1]) + mark, *("\n".join(fields.get(key, ["-"])) for fields in columns.values()))
    return table


def _fields(item: dict[str, Any], shared: set[tuple[str, str]]) -> dict[tuple[int, int, str], list[str]]:
    """Return the lines of each row; the keys sort as the rows are shown and end with their names."""
    fields: dict[tuple[int, int, str], list[str]] = {}

    def add(group: int, order: int, name: str, value: object, mark: str = "") -> None:
        if value is not None:
            fields.setdefault((group, order, name), []).append(escape(str(value)) + mark)

    add(0, 0, "title", item["title"])
    add(0, 1, "year", item["release_year"])
    add(0, 2, "part of", item["parent_id"] and f"{item['parent_title'] or 'no title'} ({item['parent_id']})")
    add(0, 3, "disc" if item["media_type"] == "track" else "season", item["parent_number"])
    add(0, 4, "number", item["number"])
    for client in item["clients"]:
        add(1, client["client_id"], f"{client['client_type']} {client['client_id']}", client["client_item_id"])
    for one in item["external_ids"]:
        is_shared = (one["source"], one["id"]) in shared
        add(2, 0, one["source"], one["id"], " [green](shared)[/green]" if is_shared else "")
    return fields
