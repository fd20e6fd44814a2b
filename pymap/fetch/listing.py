"""Reads one listing of a server whole, or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymap.errors import FetchError

#: How often a listing that changes while it is read is begun.
ATTEMPTS = 3
#: A server that has sent nothing new for so many pages will not: it takes no notice of where a page begins.
PAGES_WITHOUT_NEWS = 20


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: as it came, the IDs of its entries (None for one without), and how many the listing has in all.

    ``total`` is None if the server does not say it.
    """

    raw: bytes
    ids: Sequence[str | None]
    total: int | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries of one kind that a server lists page by page.

    ``read`` takes the number of the first entry, from 0 up, and how many are wanted; the server may send fewer. With
    ``may_repeat`` the server lists an entry more than once although nothing changes.
    """

    name: str
    page_size: int
    read: Callable[[int, int], Page]
    may_repeat: bool = False

    def total(self) -> int | None:
        """Return how many entries the server says there are; None if it does not say it."""
        return self.read(0, 1).total


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files of a listing, a page each, and how many entries they hold."""

    files: list[Path]
    entries: int


class _Changed(Exception):
    """The listing is not the one whose reading was begun."""


def fetch_listing(listing: Listing, stem: Path, report: Callable[[int], object]) -> Fetched:
    """Write every page of a listing into a file whose path begins with ``stem``.

    ``report`` is told how many entries were read. A listing that changes meanwhile is read again; FetchError is raised
    if it never stands still.
    """
    for _ in range(ATTEMPTS):
        files: list[Path] = []
        try:
            return Fetched(files, _fetch_once(listing, stem, files, report))
        except _Changed as error:
            reason = error
            for file in files:
                file.unlink()
    raise FetchError(
        f"the listing {listing.name!r} changed each of the {ATTEMPTS} times that it was read: {reason}",
        hint="Nothing was written. Is the server scanning its library? Try again when it has finished.",
    )


def _fetch_once(listing: Listing, stem: Path, files: list[Path], report: Callable[[int], object]) -> int:
    start = 0
    firsts: dict[int, Sequence[str | None]] = {}
    with _Seen() as seen:
        while True:
            page = listing.read(start, listing.page_size)
            if not files:
                total = page.total
            _check(page, start, total)
            if files and not page.ids:
                break
            seen.add(page.ids, listing.may_repeat)
            files.append(stem.with_name(f"{stem.name}-{len(files) + 1:05}.json"))
            files[-1].write_bytes(page.raw)
            firsts[start] = page.ids[:1]
            start += len(page.ids)
            report(start)
            if not page.ids or start == total:
                break
    if len(firsts) > 1:
        _check_again(listing, firsts, total)
    return start


def _check_again(listing: Listing, firsts: Mapping[int, Sequence[str | None]], total: int | None) -> None:
    # What went between two pages moves those behind it, also if something new leaves the total as it was.
    for start, first in firsts.items():
        now = listing.read(start, 1)
        if (now.ids, now.total) != (first, total):
            raise _Changed(f"its entry {start + 1} is another one now, or its total")


def _check(page: Page, start: int, total: int | None) -> None:
    if page.total != total:
        raise _Changed(f"it had {total} entries, and {page.total} later")
    if not page.ids and start < (total or 0):
        raise _Changed(f"the server says that it has {total} entries, and sent {start}")


class _Seen:
    """The IDs that were read, on disk if they are many."""

    def __enter__(self) -> _Seen:
        # No name: in memory while it is small, then in a temporary file.
        self._database = sqlite3.connect("")
        self._database.execute("create table seen (id text primary key) without rowid")
        self._without_news = 0
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, ids: Sequence[str | None], may_repeat: bool) -> None:
        """Remember the IDs of a page; raises _Changed for one that is known, or if too many pages have no other."""
        # Trakt lists entries without an ID.
        known = [id_ for id_ in ids if id_ is not None and not self._insert(id_)]
        if known and not may_repeat:
            raise _Changed(f"the entry with the ID {known[0]} came twice")
        self._without_news = self._without_news + 1 if ids and len(known) == len(ids) else 0
        if self._without_news == PAGES_WITHOUT_NEWS:
            raise _Changed(f"the server sent the same {PAGES_WITHOUT_NEWS} times")

    def _insert(self, id_: str) -> bool:
        """Remember an ID and tell whether it is new."""
        return self._database.execute("insert or ignore into seen values (?)", (id_,)).rowcount == 1
