"""pymap split."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pymap.cli.common import (
    MAX_LIMIT,
    AsJson,
    Dsn,
    Tenant,
    connect,
    console,
    id_argument,
    print_how_to_undo,
    print_json,
)
from pymap.cli.media_items import describe, side_by_side
from pymap.helper import ClientMediaItemHelper

_MAPPING = "CLIENT:ITEMID"
_EXTERNAL_ID = "SOURCE:ID"


def _pair(value: str, form: str) -> tuple[str, str]:
    left, colon, right = value.partition(":")
    if not (left and colon and right):
        raise typer.BadParameter(f"{value!r} is not of the form {form}")
    return left, right


def _mapping(value: str) -> tuple[int, str]:
    client, client_item_id = _pair(value, _MAPPING)
    if not client.isdecimal():
        raise typer.BadParameter(f"{value!r} is not of the form {_MAPPING}: {client!r} is no client's ID")
    return int(client), client_item_id


def _mappings(values: list[str]) -> list[tuple[int, str]]:
    return [_mapping(value) for value in values]


def _external_ids(values: list[str] | None) -> list[dict[str, str]]:
    pairs = (_pair(value, _EXTERNAL_ID) for value in values or ())
    return [{"source": source, "id": id_} for source, id_ in pairs]


def split(
    media_item: Annotated[int, id_argument("MEDIA_ITEM", "The media item that stands for two things.")],
    mappings: Annotated[
        list[Any],
        typer.Option(
            "--mapping",
            metavar=_MAPPING,
            callback=_mappings,
            help="A mapping that goes into a media item of its own; may be repeated.",
        ),
    ],
    external_ids: Annotated[
        list[Any] | None,
        typer.Option(
            "--external-id",
            metavar=_EXTERNAL_ID,
            callback=_external_ids,
            help="An external ID that goes along; may be repeated.",
        ),
    ] = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Move mappings of a media item to a new one.

    The two are marked as distinct.
    """
    with connect(dsn) as connection:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        event_id = helper.split_media_item(media_item, mappings, external_ids or ())
        rest = helper.resolve_media_item(media_item)
        new = next(
            event.media_item_after
            for event in helper.history(rest, MAX_LIMIT)
            if event.event_id == event_id and event.media_item_after
        )
        items = describe(helper, [rest, new])
    if as_json:
        print_json({"event_id": event_id, "media_item": items.get(rest), "new_media_item": items.get(new)})
    else:
        console.print(f"Media item {new} was split off media item {rest}:")
        console.print(side_by_side([items[id_] for id_ in (rest, new) if id_ in items]))
        print_how_to_undo(event_id, tenant)
