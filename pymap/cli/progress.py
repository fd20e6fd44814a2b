"""The progress of a sync on a terminal: one line that fills."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from pymap.cli.common import progress_console

#: A bar that is shorter says less than the figures beside it; one that is longer says no more.
_SHORTEST_BAR, _LONGEST_BAR = 5, 40
#: From a shorter time in seconds the time left is not guessed.
_SHORTEST_TIME = 0.5


class SyncProgress:
    """A line with the phase, the entries that are done and to do, the time that has passed and the time left."""

    def __init__(self, label: str, quiet: bool = False) -> None:
        self._label = label
        self._began = self._phase_began = self._reported = monotonic()
        self._phase = "upload"
        self._done = 0
        self._total: int | None = None
        self._entries: int | None = None
        self._note = ""
        self._is_shown = progress_console.is_terminal and not quiet
        self._live = Live(self, console=progress_console, transient=True, refresh_per_second=8)

    def __enter__(self) -> Self:
        if self._is_shown:
            self._live.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._is_shown:
            self._live.stop()

    def page(self, number: int, count: int | None, entries: int | None) -> None:
        """Take note of the page that is read, of how many, and of the entries of the listing; None if not known."""
        self._note = "" if count == 1 else f", page {number}" + (f" of {count}" if count else "")
        self._entries = entries

    def report(self, phase: str, done: int, total: int | None) -> None:
        """Show how many entries a phase has done, as ``sync`` of the helper reports it."""
        self._reported = monotonic()
        if phase != self._phase:
            self._phase, self._phase_began, self._note = phase, self._reported, ""
        self._done, self._total = done, self._entries if total is None else total

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the line; where there is no room the bar gives way first, then the label."""
        now = monotonic()
        figures = f"{self._figures()}  {_clock(now - self._began)}{self._time_left(now)}"
        for start in (f"{self._label}: {self._phase}", self._phase):
            room = options.max_width - len(start) - len(figures) - 4
            if room >= _SHORTEST_BAR:
                yield Text.assemble(start, "  ", *self._bar(console, options, min(room, _LONGEST_BAR)), "  ", figures)
                return
            if room >= -2:
                yield Text(f"{start}  {figures}")
                return
        yield Text(figures, overflow="fold")

    def _bar(self, console: Console, options: ConsoleOptions, width: int) -> list[Text]:
        total = self._total if self._done else None
        bar = ProgressBar(total=total, completed=self._done, width=width, pulse=total is None)
        return [
            Text(segment.text, segment.style or "")
            for segment in console.render(bar, options.update(width=width))
            if segment.text != "\n"
        ]

    def _figures(self) -> str:
        total = "" if self._total is None else f"/{self._total:,}"
        return f"{self._done:,}{total}{self._note}"

    def _time_left(self, now: float) -> str:
        """Return the time left of this phase, if what is done allows a guess; until the next report it counts down."""
        passed = self._reported - self._phase_began
        if not self._total or not 0 < self._done < self._total or passed < _SHORTEST_TIME:
            return ""
        left = passed * (self._total - self._done) / self._done - (now - self._reported)
        return f", {_clock(max(left, 0))} left"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
