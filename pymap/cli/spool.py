"""A list of JSON values on disk, for results of any length."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import Any


class Spool:
    """Values that are written one by one and then read in the same order; the file goes with the object."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115

    def append(self, value: Any) -> None:
        """Add a value."""
        self._file.write(json.dumps(value, ensure_ascii=False) + "\n")

    def lines(self) -> Iterator[str]:
        """Return each value as JSON in one line."""
        self._file.seek(0)
        return (line.rstrip("\n") for line in self._file)
