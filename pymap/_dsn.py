"""Reads the ways in which people name a database."""

from __future__ import annotations

import re

_DRIVER = re.compile(r"^(postgres(?:ql)?)\+\w+://")


def libpq_dsn(dsn: str) -> str:
    """Return a DSN as libpq takes it: ``postgresql+psycopg://``, as yoyo and SQLAlchemy write it, names a driver."""
    return _DRIVER.sub(r"\1://", dsn)
