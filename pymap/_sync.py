"""What ``sync`` does alike in both helpers: the calls that it makes, what it sends, what it reports and counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

import psycopg
from psycopg.types.json import Jsonb

from pymap import _arguments, calls
from pymap.models import ACTIONS, Item, MappedItem, SyncSummary

#: Items that are sent with one COPY.
UPLOAD_STEP = 1000
#: Rows of the result that are fetched at once.
FETCH_SIZE = 1000
#: The cursor on the server that holds the result.
CURSOR = "pymap_sync"

_PROGRESS = re.compile(r"pymap: (\w+) (\d+) of (\d+)")

#: Called with the phase, the entries that it has done, and those that it has to do (None if nobody knows).
Progress = Callable[[str, int, int | None], object]
ListedItem = Item | Mapping[str, Any]
Items = TypeVar("Items")


@dataclass(slots=True)
class Sync(Generic[Items]):
    """One run: the listing, the calls before and after its upload, and what was counted so far."""

    items: Items
    begin: calls.Call[str]
    apply: calls.Call[list[MappedItem]]
    #: The call that does everything, where there is no table to upload to.
    at_once: Callable[[Iterable[ListedItem]], calls.Call[list[MappedItem]]]
    on_row: Callable[[MappedItem], object] | None
    progress: Progress | None
    _uploaded: int = 0
    _unusable: int = 0
    _counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def report_upload(self, items: int) -> None:
        """Count items that were sent, and report how many have been."""
        self._uploaded += items
        if self.progress:
            self.progress("upload", self._uploaded, None)

    @contextmanager
    def reporting_phases(self, connection: psycopg.BaseConnection[Any]) -> Iterator[None]:
        """Report what the server announces."""
        raised: list[Exception] = []

        def report(notice: psycopg.errors.Diagnostic) -> None:
            # What a notice handler raises, psycopg only logs.
            try:
                self._report_phase(notice.message_primary or "")
            except Exception as error:
                raised.append(error)

        connection.add_notice_handler(report)
        try:
            yield
        finally:
            connection.remove_notice_handler(report)
        if raised:
            raise raised[0]

    def _report_phase(self, message: str) -> None:
        if self.progress and (told := _PROGRESS.fullmatch(message)):
            self.progress(told[1], int(told[2]), int(told[3]))

    def count_rows(self, rows: Iterable[MappedItem]) -> None:
        """Count rows of the result and hand each on."""
        for row in rows:
            if row.media_type is None:
                self._unusable += 1
            else:
                self._counts.setdefault(row.media_type, dict.fromkeys(ACTIONS, 0))[row.action] += 1
            if self.on_row:
                self.on_row(row)

    def summary(self) -> SyncSummary:
        """Return what was counted."""
        return SyncSummary(self._counts, self._unusable)


def sync(
    client_id: int,
    client_type: str,
    items: Items,
    *,
    media_types: Iterable[str] | None = None,
    max_removed_fraction: float | Decimal = 0.2,
    allow_removals: bool = False,
    dry_run: bool = False,
    on_row: Callable[[MappedItem], object] | None = None,
    progress: Progress | None = None,
) -> Sync[Items]:
    """Make a client's mappings agree with its whole listing, of any size, in constant memory.

    ``items`` is an iterable of Item objects or of what ``items_from_response`` returned, all pages together. It is sent
    item by item. The asynchronous helper also takes an asynchronous iterable. ``media_types`` are the types that the
    listing covers, by default those that occur in it. Mappings of these types that are not in the listing are removed.
    With ``dry_run`` nothing is written.

    Raises SyncRefused in three cases, unless ``allow_removals`` is true. First, 50 mappings of a type or more would be
    removed, and they are more than ``max_removed_fraction`` of all. Second, a type has 10 mappings or more, and more
    than half of them would be removed (or more than ``max_removed_fraction``, if that is larger). Third, the pages
    report more entries than they hold. Raises InvalidArgument for an item or an argument that is not valid,
    ClientTypeMismatch if the client is of another type, RetryTransaction if other sessions were faster a hundred times.

    ``on_row`` is called with the result of each entry, in their order, then with each removed mapping. ``progress`` is
    called with a phase, the number of entries done, and the number of all. The first phase is "upload", with the items
    sent so far, and None for the total, which an iterable does not reveal. The server's phases follow: "checking",
    "reading", "matching", "writing", unless client_min_messages is above notice. "reading" comes again if another
    session got in between. The iterable may query on the connection, ``progress`` may not. Whatever is raised, also by
    them, nothing of the sync stays, and the caller's transaction can go on.

    Through a coordinator of Citus the listing is held in memory and sent as one value of at most 256 MB. No phases of
    the server are reported.
    """
    types = _arguments.media_types("media_types", media_types)
    return Sync(
        _arguments.items("items", items),
        calls.begin_client_sync(client_id, client_type),
        calls.apply_client_sync(client_id, client_type, types, max_removed_fraction, allow_removals, dry_run),
        lambda listing: calls.sync_client_items(
            client_id, client_type, listing, types, max_removed_fraction, allow_removals, dry_run
        ),
        on_row,
        progress,
    )


def copy_row(item: ListedItem) -> tuple[Jsonb]:
    """Return the row to copy for an item."""
    return (_arguments.jsonb(calls.item_json(item)),)


def announce_phases() -> calls.Call[str]:
    """Let the server announce its phases until the end of the transaction."""
    return calls.Call("select set_config('pymap.progress', 'on', true)", {}, None, lambda rows: rows[0])
