"""Describes media items: what a person looks at to judge whether two of them are the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from rich.markup import escape
from rich.table import Table

from pymap.cli.common import fetch

_MEDIA_ITEMS = """
select i.id as media_item_id, i.type as media_type, i.title, i.release_year, i.parent_id, p.title as parent_title,
       i.parent_number, i.number, c.clients, i.external_ids
from pymap.media_items as i
left join pymap.media_items as p on p.tenant_id = i.tenant_id and p.id = i.parent_id
cross join lateral (
    select coalesce(jsonb_agg(to_jsonb(g) order by g.client_id, g.client_item_id), '[]') as clients
    from pymap.get_client_item_ids(i.id, null, i.tenant_id) as g
) as c
where i.tenant_id = %(tenant)s and i.id = any (%(ids)s) and i.merged_into is null
"""


def describe(connection: psycopg.Connection[Any], ids: Iterable[int], tenant: int) -> dict[int, dict[str, Any]]:
    """Return the media items by their ID; those that are gone, or merged into another one, are left out."""
    rows = fetch(connection, _MEDIA_ITEMS, {"ids": sorted(set(ids)), "tenant": tenant})
    return {row["media_item_id"]: row for row in rows}


def side_by_side(items: Iterable[dict[str, Any]], shared_external_ids: Iterable[dict[str, str]] = ()) -> Table:
    """Return a table with a column for each media item."""
    shared = {(one["source"], one["id"]) for one in shared_external_ids}
    columns = {item["media_item_id"]: _fields(item, shared) for item in items}
    table = Table("")
    for id_ in columns:
        table.add_column(f"media item {id_}", overflow="fold", ratio=1)
    for key in sorted(set().union(*columns.values())):
        table.add_row(escape(key[-1]), *("\n".join(fields.get(key, ["-"])) for fields in columns.values()))
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
