"""docs/matching.md: its table of weights is the database's, and every example gives the output shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.py.test_reference import _normalised_output, render

PAGE = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")


def test_the_weights_are_those_of_the_database(conn: psycopg.Connection[Any]) -> None:
    listed = re.findall(r"^\| (\w+) \| ([a-z ]+) \| (-?\d+) \| (.*) \|$", PAGE, flags=re.MULTILINE)

    actual = conn.execute("select evidence, outcome, weight::text, reason from pymap.match_weights").fetchall()

    assert sorted(listed) == sorted(actual)


def test_every_example_gives_the_output_shown(dsn: str) -> None:
    examples = re.findall(r"^```sql\n(.*?)^```\n+```text\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert len(examples) == PAGE.count("```sql\n"), "an example without output"
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement, shown in examples:
            actual = render(connection, statement)
            if _normalised_output(actual) != _normalised_output(shown):
                pytest.fail(f"{statement}\nreally gives\n\n{actual}")
