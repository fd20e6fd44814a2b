"""Each pgTAP file begins as in a new database."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest


@pytest.fixture(autouse=True)
def swept(pgtap_connection: psycopg.Connection[Any]) -> None:
    """Clear away what other files have rolled back: it stays in the tables' sizes and statistics, and so in plans."""
    (tables,) = pgtap_connection.execute(
        "select string_agg(format('pymap.%I', tablename), ', ') from pg_tables where schemaname = 'pymap'"
    ).fetchone() or (None,)
    pgtap_connection.execute(f"vacuum {tables}".encode())
