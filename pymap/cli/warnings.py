"""Shows pymap's own warnings as one line each."""

from __future__ import annotations

import sys
import warnings
from typing import TextIO

from pymap.errors import UnknownKeyWarning

_show_others = warnings.showwarning


def show_as_lines() -> None:
    """Print what a sync warns of on standard error; other warnings as Python does."""
    warnings.simplefilter("always", UnknownKeyWarning)
    warnings.showwarning = _show


def _show(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if issubclass(category, UnknownKeyWarning):
        print(f"Warning: {message}", file=sys.stderr)
    else:
        _show_others(message, category, filename, lineno, file, line)
