"""The progress of a sync on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from pymap.cli.common import progress_console


class SyncProgress:
    """A bar for the pages that are read and sent, then one for each phase of the server."""

    def __init__(self, client: str, files: list[str]) -> None:
        self._files = files
        self._client = client
        self._page = 0
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=progress_console,
            transient=True,
            disable=not progress_console.is_terminal,
        )
        self._bar = self._bars.add_task(f"{client}: upload", total=len(files), note="")

    def __enter__(self) -> SyncProgress:
        self._bars.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bars.stop()

    def pages(self) -> Iterator[str]:
        """Return the files one after the other and advance the bar when one is done."""
        for file in self._files:
            self._page += 1
            yield file
            self._bars.advance(self._bar)

    def report(self, phase: str, done: int) -> None:
        """Show how many items were sent, or start the bar of a phase, whose end is not known."""
        if phase == "upload":
            self._bars.update(self._bar, note=f"page {self._page} of {len(self._files)}, {done:,} items")
        else:
            self._bars.update(self._bar, total=1, completed=1)
            self._bar = self._bars.add_task(f"{self._client}: {phase}", total=None, note="")
