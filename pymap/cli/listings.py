"""Reads listing files: what a server answered, as JSON, plain or gzipped."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from pathlib import Path
from typing import Any


class ListingError(OSError):
    """A listing file cannot be read; the message names the file."""


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


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def read_listing(file: str) -> Any:
    """Return the JSON of a file; '-' is standard input."""
    try:
        raw = _standard_input() if file == "-" else Path(file).read_bytes()
        if raw.startswith(b"\x1f\x8b"):
            raw = gzip.decompress(raw)
        return json.loads(raw, parse_constant=_no_number)
    except (OSError, EOFError) as error:
        raise ListingError(f"{file}: {getattr(error, 'strerror', None) or error}") from error
    except UnicodeDecodeError as error:
        raise ListingError(f"{file}: not UTF-8 text: {error.reason} at byte {error.start}") from error
    except (ValueError, RecursionError, zlib.error) as error:
        raise ListingError(f"{file}: not JSON: {error}") from error
