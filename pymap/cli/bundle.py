"""pymap bundle."""

from __future__ import annotations

import sys

from pymap.migrations import bundle as bundle_sql


def bundle() -> None:
    """Print the whole schema as one SQL script.

    For psql with --single-transaction.
    """
    sys.stdout.write(bundle_sql())
