"""By how much a server process grows while it works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def peak_growth(process: int) -> Iterator[list[float]]:
    """Watch the private memory of a process, in MB; empty where there is no /proc, or no such process in it."""
    status = Path("/proc") / str(process) / "status"
    peak: list[float] = []
    done = threading.Event()

    def memory() -> float:
        line = next(line for line in status.read_text().splitlines() if line.startswith("RssAnon"))
        return int(line.split()[1]) / 1024

    def watch() -> None:
        try:
            start = memory()
            peak.append(0)
            while not done.wait(0.05):
                peak[0] = max(peak[0], memory() - start)
        except (OSError, StopIteration):
            peak.clear()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()
