"""Finds the files that are shipped beside the code."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_directory(in_wheel: str, in_checkout: str) -> Path:
    """Return a folder that the wheel carries inside the package and a checkout beside it."""
    for folder in (_PACKAGE / in_wheel, _PACKAGE.parent / in_checkout):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"pymap is not installed completely: {_PACKAGE / in_wheel} is missing")
