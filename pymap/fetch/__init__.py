"""Fetches the whole listing of a media server over HTTP; the answers go to the database as they come."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from pymap.errors import FetchError
from pymap.fetch.listing import Listing, fetch_listing
from pymap.fetch.server import KINDS, TYPES, Server

__all__ = ["TYPES", "FetchError", "Server", "contents", "download", "pages"]

#: Takes how many entries were read, and how many there are in all; None if the server does not say it.
Report = Callable[[int, int | None], object]


def contents(server: Server) -> dict[str, int | None]:
    """Return the listings of a server and how many entries each has; None if the server does not say it.

    Raises FetchError if the server cannot be asked.
    """
    with _listings(server) as listings:
        return {listing.name: listing.total() for listing in listings}


def pages(server: Server, *, report: Report | None = None) -> Iterator[Any]:
    """Return the answers of a server in which it lists everything, as items_from_response takes them, one by one.

    All pages are read, and kept on disk, before the first is returned. ``report`` is called with the number of entries
    read so far and that of all. Raises FetchError, and returns no page, if the server cannot be asked, or if its
    listing changes each time it is read.
    """
    with tempfile.TemporaryDirectory(prefix="pymap-") as folder:
        for file in _fetch(server, Path(folder), report):
            yield json.loads(file.read_bytes())


def download(server: Server, folder: Path | str, *, report: Report | None = None) -> list[Path]:
    """Write the answers that ``pages`` returns into a new or empty folder, as they came; return the files in order.

    Raises FetchError, and writes nothing, for the reasons of ``pages``, and if the folder has files already.
    """
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise FetchError(f"the folder {folder} is not empty", hint="The files of two listings must not be mixed.")
    with tempfile.TemporaryDirectory(prefix="pymap-") as temporary:
        files = _fetch(server, Path(temporary), report)
        shutil.copytree(temporary, folder, dirs_exist_ok=True)
        return [folder / file.name for file in files]


@contextmanager
def _listings(server: Server) -> Iterator[list[Listing]]:
    source = _source(server.type)
    with source.connect(server) as http:
        yield list(source.listings(http, server))


def _source(server_type: str) -> ModuleType:
    # Imported when it is needed: every command would wait for httpx.
    return import_module(f"pymap.fetch.{KINDS[server_type].module}")


def _fetch(server: Server, folder: Path, report: Report | None) -> list[Path]:
    files: list[Path] = []
    done = 0
    with _listings(server) as listings:
        total = _sum(listing.total() for listing in listings) if report else None
        for position, listing in enumerate(listings, 1):
            stem = folder / f"{position:02}-{re.sub(r'[^a-z0-9]+', '-', listing.name.lower())}"
            fetched = fetch_listing(listing, stem, partial(_count, report, done, total))
            files += fetched.files
            done += fetched.entries
    return files


def _sum(totals: Iterable[int | None]) -> int | None:
    known = list(totals)
    return None if None in known else sum(total or 0 for total in known)


def _count(report: Report | None, before: int, total: int | None, read: int) -> None:
    if report:
        report(before + read, total)
