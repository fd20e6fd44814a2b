"""docs/matching.md: its table of weights is the database's, and every example gives the output shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.py.test_reference import _normalised_output, render

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "matching.md").read_text(encoding="utf-8")

#: The outcomes that each of the worked sums adds up, in the order of the page.
SUMS = [
    ["title: spelled alike", "year: agrees"],
    ["title: agrees", "year: one off"],
    ["title: spelled alike", "year: differs"],
    ["title: spelled alike", "year: one unknown"],
    ["title: spelled alike", "year: both unknown"],
    ["external_id: agrees", "title: differs", "year: differs"],
    ["external_id: agrees", "title: differs", "year: agrees"],
    ["external_id: agrees", "title: spelled alike", "year: differs"],
    ["external_id: agrees", "external_id: agrees", "external_id: differs", "title: spelled alike", "year: agrees"],
    ["title: spelled alike", "year: agrees", "external_id: differs"],
    ["external_id: overlaps", "title: differs", "year: both unknown"],
    ["file: agrees", "title: differs", "year: agrees"],
    ["place: same place", "title: differs"],
    ["title: unique", "place: other place"],
]


def test_the_weights_are_those_of_the_database(conn: psycopg.Connection[Any]) -> None:
    listed = re.findall(r"^\| (\w+) \| ([a-z ]+) \| (-?\d+) \| (.*) \|$", PAGE, flags=re.MULTILINE)

    actual = conn.execute("select evidence, outcome, weight::text, reason from pymap.match_weights").fetchall()

    assert sorted(listed) == sorted(actual)


def test_the_worked_sums_are_sums_of_the_weights(conn: psycopg.Connection[Any]) -> None:
    rows = conn.execute("select evidence || ': ' || outcome, weight from pymap.match_weights").fetchall()
    weights: dict[str, int] = dict(rows)

    section = PAGE.partition("## Worked sums")[2].partition("\n## ")[0]
    shown = re.findall(r"^\| .* \| ([^|]*\*\*.*\*\*) \| ([a-z]+)", section, flags=re.MULTILINE)

    assert shown == [_worked(weights, outcomes) for outcomes in SUMS]


def _worked(weights: dict[str, int], outcomes: list[str]) -> tuple[str, str]:
    first, *others = (weights[outcome] for outcome in outcomes)
    total = first + sum(others)
    terms = "".join(f" {'+' if weight >= 0 else '−'} {abs(weight)}" for weight in others)
    if total >= weights["decision: match"]:
        result = "match"
    else:
        result = "review" if total >= weights["decision: review"] else "another"
    return f"{first}{terms} = **{total}**", result


def test_the_sources_that_are_listed_are_those_that_are_known(conn: psycopg.Connection[Any]) -> None:
    body = conn.execute("select pg_get_functiondef('pymap._is_known_source'::regproc)").fetchone()
    assert body
    known = re.findall(r"'([a-z_]+)'", body[0])
    listed = re.search(r"^Sources that pymap knows count fully: (.*?)\. ", PAGE, flags=re.MULTILINE)
    assert listed
    assert re.findall(r"`([a-z_]+)`", listed[1]) == known

    canonical = (ROOT / "docs" / "reference" / "external-ids.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| (`.*?) \|", canonical, flags=re.MULTILINE)
    assert [source for source in known if f"`{source}`" not in " ".join(first_cells)] == []


def test_every_example_gives_the_output_shown(dsn: str) -> None:
    examples = re.findall(r"^```sql\n(.*?)^```\n+```text\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert len(examples) == PAGE.count("```sql\n"), "an example without output"
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement, shown in examples:
            actual = render(connection, statement)
            if _normalised_output(actual) != _normalised_output(shown):
                pytest.fail(f"{statement}\nreally gives\n\n{actual}")
