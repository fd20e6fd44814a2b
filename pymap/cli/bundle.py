"""pymap bundle."""

from __future__ import annotations

import sys

from pymap.migrations import bundle as bundle_sql


def bundle() -> None:
    """Print all migrations and functions as one SQL script for psql with --single-transaction."""
    sys.stdout.write(bundle_sql())
