"""Every function of the database once, for the sync and the async helper: its SQL, its parameters, its result.

Each function here becomes a method of both helpers, with its signature and its docstring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from psycopg.types.json import Jsonb

from pymap.errors import AmbiguousClientItemId
from pymap.models import ClientItem, ExternalIds, Item, ListedMapping, MappedItem, Translation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A query; ``row`` is the class of a row, None for a single column; ``result`` makes the answer of the rows."""

    sql: str
    parameters: Mapping[str, Any]
    row: type[Any] | None
    result: Callable[[list[Any]], T]


def _call(function: str, result: Callable[[list[Any]], T], row: type[Any] | None = None, **parameters: Any) -> Call[T]:
    names = [*parameters, "tenant_id"]
    arguments = ", ".join(f"p_{name} => %({name})s" for name in names)
    return Call(f"select * from pymap.{function}({arguments})", parameters, row, result)


def _scalar(rows: list[Any]) -> Any:
    return rows[0]


def _rows(rows: list[T]) -> list[T]:
    return rows


def _by_client_item_id(rows: list[ListedMapping]) -> dict[str, int]:
    mappings: dict[str, int] = {}
    for row in rows:
        if row.client_item_id in mappings:
            raise AmbiguousClientItemId(
                f"client item ID {row.client_item_id!r} stands for several media types",
                detail=f"One of them is {row.media_type}.",
                hint="Name the media type.",
            )
        mappings[row.client_item_id] = row.media_item_id
    return mappings


def get_media_item_by_client_id(client_id: int, client_item_id: str) -> Call[int | None]:
    """Return the ID of the media item that a client's item ID stands for, None where it is not mapped.

    Raises AmbiguousClientItemId if the ID stands for several media types.
    """
    return _call("get_media_item_by_client_id", _scalar, client_id=client_id, client_item_id=client_item_id)


def get_media_item_by_client_id_and_type(client_id: int, client_item_id: str, media_type: str) -> Call[int | None]:
    """Return the ID of the media item of one media type that a client's item ID stands for, None if not mapped."""
    return _call(
        "get_media_item_by_client_id_and_type",
        _scalar,
        client_id=client_id,
        client_item_id=client_item_id,
        media_type=media_type,
    )


def get_media_items_by_client_ids(
    client_id: int, client_item_ids: Iterable[str], media_type: str | None = None
) -> Call[dict[str, int]]:
    """Return the media items of many client item IDs in one query; IDs that are not mapped are left out.

    Raises AmbiguousClientItemId if no media type is named and an ID stands for several.
    """
    return _call(
        "get_media_items_by_client_ids",
        _by_client_item_id,
        ListedMapping,
        client_id=client_id,
        client_item_ids=list(client_item_ids),
        media_type=media_type,
    )


def sync_clients_list(client_id: int, media_type: str | None = None) -> Call[dict[str, int]]:
    """Return every mapping of a client.

    Raises AmbiguousClientItemId if no media type is named and an ID stands for several.
    """
    return _call("sync_clients_list", _by_client_item_id, ListedMapping, client_id=client_id, media_type=media_type)


def get_client_item_ids(media_item_id: int, client_id: int | None = None) -> Call[list[ClientItem]]:
    """Return the client item IDs that stand for a media item, on all clients or on one."""
    return _call("get_client_item_ids", _rows, ClientItem, media_item_id=media_item_id, client_id=client_id)


def translate_client_item_ids(
    from_client_id: int, client_item_ids: Iterable[str], to_client_id: int, media_type: str | None = None
) -> Call[list[Translation]]:
    """Return what another client calls the items of one client; IDs that are not mapped are left out."""
    return _call(
        "translate_client_item_ids",
        _rows,
        Translation,
        from_client_id=from_client_id,
        client_item_ids=list(client_item_ids),
        to_client_id=to_client_id,
        media_type=media_type,
    )


def get_media_items_by_external_id(source: str, external_id: str, media_type: str | None = None) -> Call[list[int]]:
    """Return the IDs of the media items that carry an external ID, in any spelling of it."""
    return _call("get_media_items_by_external_id", _rows, source=source, external_id=external_id, media_type=media_type)


def get_or_create_mapping(
    client_id: int,
    client_type: str,
    client_item_id: str,
    media_type: str,
    title: str | None,
    data: Mapping[str, Any] | None = None,
    external_ids: ExternalIds = (),
    release_year: int | None = None,
) -> Call[int]:
    """Return the ID of the media item that a client's item ID stands for, mapping it first where it is not.

    It is mapped to the media item of the same media type that shares an external ID, else to a new one. Raises
    ClientTypeMismatch if the client is of another type, RetryTransaction above READ COMMITTED where another
    transaction got in between.
    """
    return _call(
        "get_or_create_mapping",
        _scalar,
        client_id=client_id,
        client_type=client_type,
        client_item_id=client_item_id,
        media_type=media_type,
        title=title,
        data=Jsonb(data or {}),
        external_ids=_json(external_ids),
        release_year=release_year,
    )


def get_or_create_mappings(
    client_id: int, client_type: str, items: Iterable[Item | Mapping[str, Any]]
) -> Call[list[MappedItem]]:
    """Map many items at once and return what became of each, in their order.

    Items are Item objects or what an ``items_from_`` method returned. Raises InvalidArgument, and writes nothing, if
    one of them is not valid.
    """
    return _call(
        "get_or_create_mappings",
        _rows,
        MappedItem,
        client_id=client_id,
        client_type=client_type,
        items=_json(item.as_json() if isinstance(item, Item) else item for item in items),
    )


def link_client_item(media_item_id: int, client_id: int, client_type: str, client_item_id: str) -> Call[bool]:
    """Add a mapping to a media item; return False if it was there already.

    Raises MappingConflict if the ID is mapped to another media item, MediaItemNotFound if there is no such item.
    """
    return _call(
        "link_client_item",
        _scalar,
        media_item_id=media_item_id,
        client_id=client_id,
        client_type=client_type,
        client_item_id=client_item_id,
    )


def unlink_client_item(client_id: int, client_item_id: str, media_type: str | None = None) -> Call[bool]:
    """Remove a mapping and return whether there was one; the media item stays."""
    return _call(
        "unlink_client_item", _scalar, client_id=client_id, client_item_id=client_item_id, media_type=media_type
    )


def remove_client(client_id: int) -> Call[int]:
    """Forget a client and return the number of mappings removed; the media items stay."""
    return _call("remove_client", _scalar, client_id=client_id)


def items_from_response(client_type: str, response: Any) -> Call[list[dict[str, Any]]]:
    """Return the items of a server's JSON response, such as ``get_or_create_mappings`` takes them.

    An entry that is of no use is ``{"error": …, "entry": …}``. Raises InvalidArgument if the response has another shape
    than servers of this type give.
    """
    return Call(
        "select pymap.items_from_response(%(client_type)s, %(response)s)",
        {"client_type": client_type, "response": Jsonb(response)},
        None,
        _scalar,
    )


def _json(value: Iterable[Any]) -> Jsonb:
    return Jsonb(value if isinstance(value, Mapping | Sequence) else list(value))
