"""Every function of the database once, for the sync and the async helper: its SQL, its parameters, its result.

Each function here becomes a method of both helpers, with its signature and its docstring; those with an underscore and
the two halves of ``sync`` do not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

import psycopg
from psycopg.types.json import set_json_loads

from pymap import _arguments
from pymap.errors import AmbiguousClientItemId
from pymap.models import (
    Client,
    ClientItem,
    ClientItemId,
    Comparison,
    DuplicatePair,
    Event,
    ExternalIds,
    Finding,
    FoundMediaItem,
    Item,
    ListedMapping,
    MappedItem,
    MappingEvidence,
    MediaItem,
    MediaItemComparison,
    ReviewCandidate,
    Statistic,
    ToldItem,
    Translation,
    as_text,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A query; ``row`` is the class of a row, None for a single column; ``result`` makes the answer of the rows.

    ``has_json``: there is JSON in the rows. ``takes_items``: the database may warn of keys of items that it ignored.
    """

    sql: str
    parameters: Mapping[str, Any]
    row: type[Any] | None
    result: Callable[[list[Any]], T]
    has_json: bool = False
    takes_items: bool = False

    def prepare(self, cursor: psycopg.Cursor[Any] | psycopg.AsyncCursor[Any]) -> None:
        """Let a cursor decode JSON itself, whatever loaders its connection has."""
        if self.has_json:
            set_json_loads(json.loads, cursor)


#: Rows that hold JSON.
_JSON_ROWS = (DuplicatePair, Event, MappingEvidence, ReviewCandidate)


def _call(function: str, result: Callable[[list[Any]], T], row: type[Any] | None = None, **parameters: Any) -> Call[T]:
    names = [*parameters, "tenant_id"]
    arguments = ", ".join(f"p_{name} => %({name})s" for name in names)
    return Call(
        f"select * from pymap.{function}({arguments})",
        parameters,
        row,
        result,
        has_json=row in _JSON_ROWS,
        takes_items=row is MappedItem,
    )


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


def get_media_item_by_client_id(client_id: int, client_item_id: ClientItemId) -> Call[int | None]:
    """Return the ID of the media item that a client's item ID stands for, None if it is not mapped.

    Raises AmbiguousClientItemId if the ID stands for several media types.
    """
    return _call(
        "get_media_item_by_client_id",
        _scalar,
        client_id=client_id,
        client_item_id=_arguments.client_item_id("client_item_id", client_item_id),
    )


def get_media_item_by_client_id_and_type(
    client_id: int, client_item_id: ClientItemId, media_type: str
) -> Call[int | None]:
    """Return the ID of the media item of one media type that a client's item ID stands for, None if not mapped."""
    return _call(
        "get_media_item_by_client_id_and_type",
        _scalar,
        client_id=client_id,
        client_item_id=_arguments.client_item_id("client_item_id", client_item_id),
        media_type=media_type,
    )


def get_media_items_by_client_ids(
    client_id: int, client_item_ids: Iterable[ClientItemId], media_type: str | None = None
) -> Call[dict[str, int]]:
    """Return the media items of many client item IDs in one query; IDs that are not mapped are left out.

    Raises AmbiguousClientItemId if no media type is named and an ID stands for several.
    """
    return _call(
        "get_media_items_by_client_ids",
        _by_client_item_id,
        ListedMapping,
        client_id=client_id,
        client_item_ids=_arguments.client_item_ids("client_item_ids", client_item_ids),
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
    from_client_id: int, client_item_ids: Iterable[ClientItemId], to_client_id: int, media_type: str | None = None
) -> Call[list[Translation]]:
    """Return the item IDs that another client has for the items of one client; IDs that are not mapped are left out."""
    return _call(
        "translate_client_item_ids",
        _rows,
        Translation,
        from_client_id=from_client_id,
        client_item_ids=_arguments.client_item_ids("client_item_ids", client_item_ids),
        to_client_id=to_client_id,
        media_type=media_type,
    )


def get_media_items_by_external_id(source: str, external_id: str, media_type: str | None = None) -> Call[list[int]]:
    """Return the IDs of the media items that carry an external ID, in any spelling of it."""
    return _call("get_media_items_by_external_id", _rows, source=source, external_id=external_id, media_type=media_type)


def get_media_items(media_item_ids: Iterable[int]) -> Call[list[MediaItem]]:
    """Return what is known of media items, in the order of their IDs; those that do not exist are left out."""
    return _call("get_media_items", _rows, MediaItem, media_item_ids=list(media_item_ids))


def get_told_items(media_item_ids: Iterable[int]) -> Call[list[ToldItem]]:
    """Return the client items of media items, with what each client last reported and why it was matched."""
    return _call("get_told_items", _rows, ToldItem, media_item_ids=list(media_item_ids))


def search_media_items(title: str, media_type: str | None = None, limit: int | None = 20) -> Call[list[FoundMediaItem]]:
    """Return the media items whose title equals the given one, begins with it or contains it, the best first.

    Titles are compared without case, accents and punctuation. Titles that clients reported count too. Raises
    InvalidArgument for an empty title, an unknown media type, or a limit below 1.
    """
    return _call("search_media_items", _rows, FoundMediaItem, title=title, media_type=media_type, limit=limit)


def get_clients() -> Call[list[Client]]:
    """Return the clients that have, or had, mappings, in the order of their IDs."""
    return _call("get_clients", _rows, Client)


def get_or_create_mapping(
    client_id: int,
    client_type: str,
    client_item_id: ClientItemId,
    media_type: str,
    title: str | None,
    data: Mapping[str, Any] | None = None,
    external_ids: ExternalIds = (),
    release_year: int | None = None,
) -> Call[int]:
    """Return the ID of the media item that a client's item ID stands for, mapping it first if it is not.

    It is mapped to the media item of the same media type that external IDs, title and year point to, weighed as in a
    sync; otherwise to a new one. A ``title`` may end in a year and in external IDs, "The Matrix (1999)
    {imdb-tt0133093}", which are taken out of it. ``data`` is used for a new media item only. Raises InvalidArgument for
    a value that is not valid, ClientTypeMismatch if the client is of another type, RetryTransaction above READ
    COMMITTED if another transaction got in between.
    """
    return _call(
        "get_or_create_mapping",
        _scalar,
        client_id=client_id,
        client_type=client_type,
        client_item_id=_arguments.client_item_id("client_item_id", client_item_id),
        media_type=media_type,
        title=title,
        data=_arguments.jsonb(data or {}),
        external_ids=_arguments.external_ids("external_ids", external_ids),
        release_year=release_year,
    )


def get_or_create_mappings(
    client_id: int, client_type: str, items: Iterable[Item | Mapping[str, Any]]
) -> Call[list[MappedItem]]:
    """Map many items at once and return the result of each, in their order.

    Items are Item objects or what ``items_from_response`` returned. Those that are not mapped yet are matched as in a
    sync; nothing is removed. Raises InvalidArgument, and writes nothing, if one of them is not valid,
    ClientTypeMismatch if the client is of another type, RetryTransaction above READ COMMITTED if another transaction
    got in between.
    """
    return _call(
        "get_or_create_mappings",
        _rows,
        MappedItem,
        client_id=client_id,
        client_type=client_type,
        items=_arguments.jsonb(list(map(item_json, _arguments.items("items", items)))),
    )


def link_client_item(media_item_id: int, client_id: int, client_type: str, client_item_id: ClientItemId) -> Call[bool]:
    """Add a mapping to a media item; return False if it existed already.

    Raises MappingConflict if the ID is mapped to another media item, MediaItemNotFound if there is no such item.
    """
    return _call(
        "link_client_item",
        _scalar,
        media_item_id=media_item_id,
        client_id=client_id,
        client_type=client_type,
        client_item_id=_arguments.client_item_id("client_item_id", client_item_id),
    )


def unlink_client_item(client_id: int, client_item_id: ClientItemId, media_type: str | None = None) -> Call[bool]:
    """Remove a mapping and return whether there was one; the media item stays."""
    return _call(
        "unlink_client_item",
        _scalar,
        client_id=client_id,
        client_item_id=_arguments.client_item_id("client_item_id", client_item_id),
        media_type=media_type,
    )


def remove_client(client_id: int) -> Call[int]:
    """Forget a client and return the number of mappings removed; the media items stay."""
    return _call("remove_client", _scalar, client_id=client_id)


def items_from_response(client_type: str, response: Any) -> Call[list[dict[str, Any]]]:
    """Return the items of a server's JSON response, as ``get_or_create_mappings`` takes them.

    An unusable entry is ``{"error": …, "entry": …}``. The last element is ``{"listing": …}`` if the response says which
    part of a listing it is. Pass that on too: a sync of incomplete pages is then refused, and a sync of a mere
    selection removes nothing. Raises InvalidArgument if servers of this type give no response of this shape.
    """
    return Call(
        "select pymap.items_from_response(%(client_type)s, %(response)s)",
        {"client_type": client_type, "response": _arguments.jsonb(response)},
        None,
        _scalar,
        has_json=True,
    )


def sync_client_items(
    client_id: int,
    client_type: str,
    items: Iterable[Item | Mapping[str, Any]],
    media_types: Iterable[str] | None = None,
    max_removed_fraction: float | Decimal = 0.2,
    allow_removals: bool = False,
    dry_run: bool = False,
) -> Call[list[MappedItem]]:
    """Make a client's mappings agree with its whole listing; return each entry's result, then removed mappings.

    ``sync`` does the same for listings that do not fit into memory; it explains the arguments and the errors.
    """
    return _call(
        "sync_client_items",
        _rows,
        MappedItem,
        client_id=client_id,
        client_type=client_type,
        items=_arguments.jsonb(list(map(item_json, _arguments.items("items", items)))),
        **_sync_options(media_types, max_removed_fraction, allow_removals, dry_run),
    )


def begin_client_sync(client_id: int, client_type: str) -> Call[str]:
    """Make the table that takes a listing and return the COPY statement that fills it."""
    return _call("begin_client_sync", _scalar, client_id=client_id, client_type=client_type)


def apply_client_sync(
    client_id: int,
    client_type: str,
    media_types: Iterable[str] | None,
    max_removed_fraction: float | Decimal,
    allow_removals: bool,
    dry_run: bool,
) -> Call[list[MappedItem]]:
    """Make a client's mappings agree with the listing that was copied."""
    return _call(
        "apply_client_sync",
        _rows,
        MappedItem,
        client_id=client_id,
        client_type=client_type,
        **_sync_options(media_types, max_removed_fraction, allow_removals, dry_run),
    )


def get_review_candidates(media_item_id: int | None = None) -> Call[list[ReviewCandidate]]:
    """Return the media items that were created because a match was ambiguous, with the items that each of them may be.

    All of them, or those of one media item; the best candidate of each first. Decide each with ``merge_media_items`` or
    ``mark_distinct``.
    """
    return _call("get_review_candidates", _rows, ReviewCandidate, media_item_id=media_item_id)


def resolve_media_item(media_item_id: int) -> Call[int]:
    """Return the media item that an ID stands for now: itself, or the one that it was merged into.

    Raises MediaItemNotFound if there is none.
    """
    return _call("resolve_media_item", _scalar, media_item_id=media_item_id)


def find_duplicates(media_type: str | None = None, limit: int | None = None) -> Call[list[DuplicatePair]]:
    """Return pairs of media items of one type that may be the same thing, heaviest first, at most ``limit``.

    They are weighed as a sync weighs an entry. Pairs that are known to be distinct are left out. Raises InvalidArgument
    for an unknown media type or a limit below 1.
    """
    return _call("find_duplicates", _rows, DuplicatePair, media_type=media_type, limit=limit)


def explain_match(
    client_id: int, client_item_id: ClientItemId, media_type: str, media_item_id: int
) -> Call[list[Comparison]]:
    """Return every comparison of what a client reported of an item with what is known of a media item, heaviest first.

    The client item has to be mapped, to this media item or to another one. The sum of the weights decides. Comparisons
    without a weight are left out. Raises InvalidArgument if the client item is not mapped, MediaItemNotFound if there
    is no such media item.
    """
    return _call(
        "explain_match",
        _rows,
        Comparison,
        client_id=client_id,
        client_item_id=_arguments.client_item_id("client_item_id", client_item_id),
        media_type=media_type,
        media_item_id=media_item_id,
    )


def compare_media_items(media_item_id: int, other_id: int) -> Call[list[MediaItemComparison]]:
    """Return every comparison of two media items that has a weight, the heaviest first.

    Raises MediaItemNotFound if one of them does not exist.
    """
    return _call("compare_media_items", _rows, MediaItemComparison, media_item_id=media_item_id, other_id=other_id)


def get_mapping_evidence(client_id: int, media_type: str | None = None) -> Call[list[MappingEvidence]]:
    """Return why each mapping of a client was made, of one media type or of all, in no particular order.

    Raises InvalidArgument for a client ID below 1 or an unknown media type.
    """
    return _call("get_mapping_evidence", _rows, MappingEvidence, client_id=client_id, media_type=media_type)


def mark_distinct(media_item_id: int, other_id: int) -> Call[int | None]:
    """Note that two media items are not the same; they are never matched, merged or proposed again.

    Return the ID of the event, for ``undo``; None if that was known already.
    """
    return _call("mark_distinct", _scalar, media_item_id=media_item_id, other_id=other_id)


def merge_media_items(keep_id: int, duplicate_id: int) -> Call[int | None]:
    """Make one media item of two; the ID of the duplicate stays valid.

    Return the ID of the event, for ``undo``; None if the two are one already. Raises IdentityConflict if they were
    marked as distinct, MediaItemNotFound if there is no such item.
    """
    return _call("merge_media_items", _scalar, keep_id=keep_id, duplicate_id=duplicate_id)


def split_media_item(
    media_item_id: int, mappings: Iterable[tuple[int, ClientItemId]], external_ids: ExternalIds = ()
) -> Call[int]:
    """Move mappings, pairs of client ID and client item ID, and external IDs of a media item to a new one.

    The two are marked as distinct. Return the ID of the event, for ``undo``; its ``media_item_after`` is the new media
    item. Raises InvalidArgument for a mapping or an external ID that the media item does not have, or if no mapping
    would be left.
    """
    pairs = "a list or another iterable of pairs, client ID and client item ID"
    return _call(
        "split_media_item",
        _scalar,
        media_item_id=media_item_id,
        mappings=_arguments.jsonb(
            [
                {"clientId": client_id, "itemId": _arguments.client_item_id("mappings", client_item_id)}
                for client_id, client_item_id in _arguments.elements("mappings", mappings, pairs)
            ]
        ),
        external_ids=_arguments.external_ids("external_ids", external_ids),
    )


def undo(event_id: int) -> Call[int]:
    """Take back what an event did and return the ID of the event that records it.

    Raises IdentityConflict if a later change prevents it.
    """
    return _call("undo", _scalar, event_id=event_id)


def changes_since(event_id: int, limit: int = 1000) -> Call[list[Event]]:
    """Return the events after the last one that was read, 0 to begin; nothing is skipped, nothing repeated.

    Apply the events in this order, and go on with the ID of the last one.
    """
    return _call("changes_since", _rows, Event, event_id=event_id, limit=limit)


def history(media_item_id: int, limit: int = 100) -> Call[list[Event]]:
    """Return what happened to a media item and to those that were merged into it, the newest first."""
    return _call("history", _rows, Event, media_item_id=media_item_id, limit=limit)


def stats() -> Call[list[Statistic]]:
    """Return counts of everything that is stored."""
    return _call("stats", _rows, Statistic)


def check_integrity() -> Call[list[Finding]]:
    """Return damaged data, then suspicious data; this reads everything."""
    return _call("check_integrity", _rows, Finding)


def rebuild_lookup() -> Call[int]:
    """Make the lookup tables agree with the arrays of ``media_items`` and return the number of rows that were wrong.

    Raises MappingConflict if two media items claim one mapping, ClientTypeMismatch if they give a client two types.
    """
    return _call("rebuild_lookup", _scalar)


def version() -> Call[str]:
    """Return the version of the functions that are installed."""
    return Call("select pymap.version()", {}, None, _scalar)


def item_json(item: Item | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an item as the SQL functions read it, with IDs that are text."""
    if isinstance(item, Item):
        return item.as_json()
    if not isinstance(item, Mapping):
        raise TypeError(f"items has to hold Item objects or dicts, not {type(item).__name__}")
    if isinstance(item.get("itemId"), int) or isinstance(item.get("parentItemId"), int):
        return {key: as_text(value) if key in ("itemId", "parentItemId") else value for key, value in item.items()}
    return item


def _sync_options(
    media_types: Iterable[str] | None, max_removed_fraction: float | Decimal, allow_removals: bool, dry_run: bool
) -> dict[str, Any]:
    return {
        "media_types": _arguments.media_types("media_types", media_types),
        # A float is no numeric to PostgreSQL.
        "max_removed_fraction": (
            Decimal(str(max_removed_fraction)) if isinstance(max_removed_fraction, float) else max_removed_fraction
        ),
        "allow_removals": allow_removals,
        "dry_run": dry_run,
    }
