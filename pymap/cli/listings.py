"""Reads listing files: what a server answered, as JSON, plain or gzipped."""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ListingError(OSError):
    """A listing file cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server, which ``name`` names in errors.

    There are ``count`` pages, and ``entries`` in all of them, if that is known.
    """

    name: str
    response: Any
    number: int
    count: int | None = None
    entries: int | None = None
    is_last: bool = False


def pages_of(files: list[str]) -> Iterator[Page]:
    """Read files one after the other, and yield each of their documents as a page."""
    for number, file in enumerate(files, 1):
        responses = read_listing(file)
        for position, response in enumerate(responses, 1):
            is_last = number == len(files) and position == len(responses)
            yield Page(file, response, number, len(files), is_last=is_last)


#: What may stand between two documents: space, the mark of JSON text sequences, a byte order mark.
_GAP = re.compile(r"[\s\x1e\ufeff]*")


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


def require_listing(file: str) -> None:
    """Raise ListingError now if the file does not exist; '-' is standard input."""
    try:
        if file != "-":
            Path(file).stat()
    except OSError as error:
        raise ListingError(f"{file}: {error.strerror}") from error


def _standard_input() -> bytes:
    # None if it was closed when the program was started.
    return sys.stdin.buffer.read() if sys.stdin else b""


def read_listing(file: str) -> list[Any]:
    """Return the JSON documents of a file, one or, as in JSON Lines, several; '-' is standard input."""
    try:
        raw = _standard_input() if file == "-" else Path(file).read_bytes()
        if raw.startswith(b"\x1f\x8b"):
            raw = gzip.decompress(raw)
        return _documents(raw.decode(json.detect_encoding(raw), "surrogatepass"))
    except (OSError, EOFError) as error:
        raise ListingError(f"{file}: {getattr(error, 'strerror', None) or error}") from error
    except UnicodeDecodeError as error:
        raise ListingError(f"{file}: not UTF-8 text: {error.reason} at byte {error.start}") from error
    except (ValueError, RecursionError, zlib.error) as error:
        raise ListingError(f"{file}: not JSON: {error}") from error


def _documents(text: str) -> list[Any]:
    start = _end_of_gap(text, 0)
    if text.startswith("<", start):
        # The reader of the server's answers says how to ask for JSON.
        return [text[start : start + 100]]
    documents: list[Any] = []
    while start < len(text) or not documents:
        document, end = _DECODER.raw_decode(text, start)
        documents.append(document)
        start = _end_of_gap(text, end)
    return documents


def _end_of_gap(text: str, start: int) -> int:
    gap = _GAP.match(text, start)
    return gap.end() if gap else start
