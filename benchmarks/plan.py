"""What is to be measured, how large, how often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from .databases import Databases

T = TypeVar("T")

#: What has more entries is measured once.
OFTEN = 100_000


@dataclass(frozen=True)
class Plan:
    """``items`` is the size of the look-ups' database, ``sync_sizes`` are the sizes of the listings."""

    databases: Databases
    items: int
    sync_sizes: tuple[int, ...]
    repeat: int

    def at_most(self, size: int) -> int:
        """Return a size, or the largest listing's if that is smaller: a short run is short everywhere."""
        return min(size, max(self.sync_sizes))

    def interleaved(self, sizes: Sequence[int]) -> list[int]:
        """Return the sizes, over and over: a third as often as look-ups are repeated, what is long once."""
        times = max(1, self.repeat // 3)
        return [size for time in range(times) for size in sizes if not time or size <= OFTEN]


def progress(things: Sequence[T], what: str) -> Iterator[T]:
    """Return the things with a progress bar."""
    yield from track(things, description=what, console=Console(stderr=True), transient=True)
