"""Stories from public bug reports beside the checkout, and of the same kinds our own: each in every order."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import BESIDE
from tests.model.own_stories import STORIES
from tests.model.stories import Story, Telling, complaints, differing_orders, tell

Connection = psycopg.Connection[Any]

NAMES = sorted(file.stem for file in BESIDE["cases"].glob("*.json"))

#: Cases that leave an entry undecided which can be decided while a part of the evidence is missing.
UNDECIDED = {
    "21-two-artists-of-one-name": "Plex' Nirvana is the one Nirvana as long as nobody has told of another one",
}


@cache
def read(file: Path) -> Story:
    told = json.loads(file.read_text(encoding="utf-8"))
    return Story(name=file.stem, **told)


#: Told once for both tests.
TOLD: dict[str, list[Telling]] = {}


def told(conn: Connection, story: Story) -> list[Telling]:
    if story.name not in TOLD:
        TOLD[story.name] = tell(conn, story)
    return TOLD[story.name]


def report(found: str) -> None:
    if found:
        pytest.fail(found, pytrace=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_from_a_bug_report(conn: Connection, cases: Path, name: str) -> None:
    story = read(cases / f"{name}.json")
    report(complaints(story, told(conn, story)))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in UNDECIDED])
def test_every_order_of_a_case_gives_the_same_media_items(conn: Connection, cases: Path, name: str) -> None:
    story = read(cases / f"{name}.json")
    report(differing_orders(story, told(conn, story)))


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_a_story_of_our_own(conn: Connection, story: Story) -> None:
    report(complaints(story, told(conn, story)))


@pytest.mark.parametrize("story", STORIES, ids=[story.name for story in STORIES])
def test_every_order_of_a_story_gives_the_same_media_items(conn: Connection, story: Story) -> None:
    report(differing_orders(story, told(conn, story)))


def test_the_undecided_cases_exist(cases: Path) -> None:
    assert UNDECIDED.keys() <= set(NAMES)
