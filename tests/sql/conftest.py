"""Each pgTAP file begins as in a new database."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show an error of a file's SQL as psql does; Python's stack has nothing of it."""
    report = yield
    if call.excinfo and isinstance(call.excinfo.value, psycopg.Error) and item.path.suffix == ".sql":
        report.longrepr = _as_psql(item.path, call.excinfo.value)
    return report


def _as_psql(file: Path, error: psycopg.Error) -> str:
    said = error.diag
    position = said.statement_position
    line = f":{file.read_text(encoding='utf-8').count(chr(10), 0, int(position)) + 1}" if position else ""
    parts = (
        (f"{file.name}{line}: ERROR:  ", f"{error.sqlstate}: {said.message_primary or error}"),
        ("DETAIL:  ", said.message_detail),
        ("HINT:  ", said.message_hint),
        ("CONTEXT:  ", said.context),
    )
    return "\n".join(label + text for label, text in parts if text)
