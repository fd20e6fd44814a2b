"""What many batch calls in one session leave behind in the catalogue: temporary tables have rows there."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import psycopg

from .figures import Figure
from .library import PLEX, entries
from .plan import Plan, progress

CALLS = 1000
BATCH = 20
#: MB of pg_attribute with its indexes.
TARGET = 15.0


def growth(plan: Plan) -> list[Figure]:
    """Measure the catalogue before and after the calls."""
    calls = plan.at_most(CALLS)
    listing = entries(calls * BATCH, PLEX)
    batches = [list(islice(listing, BATCH)) for _ in range(calls)]
    with plan.databases.fresh() as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        before = _megabytes(connection)
        for items in progress(batches, "growth"):
            connection.execute(
                "select count(*) from pymap.get_or_create_mappings(%s, %s, %s)",
                (PLEX.number, PLEX.type, json.dumps(items)),
            )
        after = _megabytes(connection)
    section = f"{calls:,} batch calls in one session"
    return [
        Figure("growth", section, "pg_attribute", "MB before", before),
        Figure("growth", section, "pg_attribute", "MB after", after, TARGET),
    ]


def _megabytes(connection: psycopg.Connection[Any]) -> float:
    row = connection.execute("select pg_total_relation_size('pg_attribute')").fetchone()
    assert row
    return float(row[0]) / 1e6
