"""The readers accept the responses of tests/model/responses.py, and the guides of the servers list them."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.model.responses import RESPONSES, SERVERS, Accepted, guide, render

Connection = psycopg.Connection[Any]


@pytest.mark.parametrize("row", RESPONSES, ids=lambda row: f"{row.client_type} {row.request}")
def test_reader_accepts_the_response(conn: Connection, row: Accepted) -> None:
    found = conn.execute("select pymap.items_from_response(%s, %s)", (row.client_type, Jsonb(row.response))).fetchone()
    assert found is not None
    listings = [element["listing"] for element in found[0] if "listing" in element]
    kinds = [listing.get("selection", "page") for listing in listings]
    assert [element["itemId"] for element in found[0] if "itemId" in element] == list(row.item_ids)
    assert (kinds or ["listing"]) == [row.taken_for]


def test_the_hint_names_every_reader(conn: Connection) -> None:
    with pytest.raises(psycopg.Error) as raised:
        conn.execute("select pymap.items_from_response('stash', '5')")
    named = re.search(r"there are (.*)\)", raised.value.diag.message_hint or "")
    assert named
    assert set(re.split(", | and ", named[1])) == set(SERVERS)


def test_every_reader_has_rows(conn: Connection) -> None:
    readers = conn.execute(
        "select substr(proname, length('items_from_') + 1) from pg_proc"
        " where pronamespace = 'pymap'::regnamespace and proname ~ '^items_from_(?!response$)'"
    ).fetchall()
    assert {row.client_type for row in RESPONSES} == set(SERVERS) == {name for (name,) in readers}


@pytest.mark.parametrize("client_type", SERVERS)
def test_the_guide_of_the_server_lists_the_responses(client_type: str) -> None:
    page = guide(client_type)
    assert page.exists(), f"write {page} first, as plex.md; then run python -m tests.model.responses"
    assert render(client_type) in page.read_text(encoding="utf-8"), (
        f"{page.name} is out of date: run python -m tests.model.responses"
    )
