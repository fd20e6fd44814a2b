"""The code in docs/guides runs with the real SQLAlchemy, Django and plexapi, and who commits is as it says there."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy
from plexapi.server import PlexServer
from psycopg.conninfo import conninfo_to_dict
from pytest_httpserver import HTTPServer
from sqlalchemy.orm import Session
from werkzeug import Request, Response

import pymap

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
PYTHON = GUIDES.parent / "python.md"

#: What stands before a program of Django's.
DJANGO = """
import sys
import django
from django.conf import settings

settings.configure(DATABASES={{"default": {{
    "ENGINE": "django.db.backends.postgresql", "NAME": {dbname!r}, "HOST": {host!r}, "USER": {user!r},
    "PORT": {port!r}, "PASSWORD": {password!r}, **{options!r},
}}}})
django.setup()
"""


def code(guide: str) -> str:
    """All Python of a guide, in its order."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL))


def url(dsn: str) -> str:
    """The database as SQLAlchemy names it."""
    parts = conninfo_to_dict(dsn)
    name = sqlalchemy.URL.create("postgresql+psycopg", database=parts.pop("dbname"), query=parts)
    return name.render_as_string(hide_password=False)


def run_django(dsn: str, program: str, **options: Any) -> None:
    """Run a program in a process of its own: Django is configured once for each."""
    parts = {key: conninfo_to_dict(dsn).get(key, "") for key in ("dbname", "host", "user", "port", "password")}
    script = DJANGO.format(**parts, options=options) + program
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def mappings(dsn: str, client_id: int = 1) -> set[str]:
    """The client item IDs that everybody else sees."""
    with psycopg.connect(dsn) as other:
        return set(pymap.ClientMediaItemHelper(other).sync_clients_list(client_id))


# SQLAlchemy


@pytest.fixture
def engine(dsn: str) -> Any:
    engine = sqlalchemy.create_engine(url(dsn))
    yield engine
    engine.dispose()


def test_the_guide_of_sqlalchemy_runs(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url(dsn))
    found: dict[str, Any] = {}
    exec(compile(code("sqlalchemy.md"), "sqlalchemy.md", "exec"), found)
    found["engine"].dispose()
    assert found["title"] == "The Matrix"
    assert [row.to_item_id for row in found["translations"]] == ["008cd48905daa7655315fe380d46a313"]
    assert mappings(dsn) == {"101"}
    assert mappings(dsn, 2) == {"008cd48905daa7655315fe380d46a313"}


def test_sqlalchemy_rolls_back_what_the_helper_wrote(dsn: str, engine: Any) -> None:
    def fail() -> None:
        with engine.begin() as connection:
            helper = pymap.ClientMediaItemHelper(connection.connection.driver_connection)
            helper.sync(1, "plex", [pymap.Item(item_id="1", type="movie", title="Heat")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert mappings(dsn) == set()


def test_sqlalchemy_commits_only_a_transaction_that_it_has_begun(dsn: str, engine: Any) -> None:
    with engine.connect() as connection:
        helper = pymap.ClientMediaItemHelper(connection.connection.driver_connection)
        helper.get_or_create_mapping(1, "plex", "1", "movie", "Heat")
        connection.commit()
    assert mappings(dsn) == set()
    with engine.connect() as connection, connection.begin():
        helper = pymap.ClientMediaItemHelper(connection.connection.driver_connection)
        helper.get_or_create_mapping(1, "plex", "1", "movie", "Heat")
    assert mappings(dsn) == {"1"}


def test_a_json_deserializer_of_sqlalchemys_does_not_matter(dsn: str) -> None:
    engine = sqlalchemy.create_engine(url(dsn), json_deserializer=str, json_serializer=lambda value: "null")
    with engine.begin() as connection:
        helper = pymap.ClientMediaItemHelper(connection.connection.driver_connection)
        helper.get_or_create_mapping(1, "plex", "1", "movie", "Heat", external_ids={"imdb": "tt0113277"})
        helper.get_or_create_mapping(2, "emby", "7", "movie", "Heat", external_ids={"imdb": "tt0113277"})
        assert [row.comparisons for row in helper.get_mapping_evidence(2)] == [{"imdb": 12, "title": 7, "year": 2}]
    engine.dispose()


def test_what_sqlalchemy_has_is_refused_with_what_to_pass(engine: Any) -> None:
    advice = r"pass connection\.connection\.driver_connection$"
    with engine.connect() as connection, Session(engine) as session:
        for value in (engine, connection, connection.connection, session, session.connection()):
            with pytest.raises(TypeError, match=advice):
                pymap.ClientMediaItemHelper(value)


# Django


def test_the_guide_of_django_runs(dsn: str) -> None:
    run_django(
        dsn,
        code("django.md")
        + """
assert title == "The Matrix"
assert refused == "client 1 is of type plex, not emby", refused
""",
    )
    assert mappings(dsn) == {"101", "102"}


@pytest.mark.parametrize(
    "options",
    [{}, {"OPTIONS": {"server_side_binding": True}}, {"OPTIONS": {"pool": True}}],
    ids=["plain", "server-side binding", "pool"],
)
def test_everything_comes_back_the_same_from_djangos_connection(dsn: str, options: dict[str, Any]) -> None:
    run_django(
        dsn,
        code("django.md").split("with transaction")[0]
        + """
helper = media_items()
film = helper.get_or_create_mapping(1, "plex", 1, "movie", "Heat", {"own": [1]}, {"imdb": "tt0113277"}, 1995)
assert helper.sync(2, "kodi", [pymap.Item(item_id=7, type="movie", title="Heat", year=1995)]).total("matched") == 1
(evidence,) = helper.get_mapping_evidence(2)
assert evidence.comparisons == {"title": 7, "year": 3}, evidence
assert helper.items_from_response("emby", {"Items": [{"Id": "1", "Type": "Movie"}]}) == [
    {"itemId": "1", "type": "movie"}
]
assert [event.happened_at.tzinfo is None for event in helper.history(film)] == [False, False]
connection.close()
""",
        **options,
    )
    assert mappings(dsn, 2) == {"7"}


def test_django_rolls_back_what_the_helper_wrote(dsn: str) -> None:
    run_django(
        dsn,
        code("django.md").split("with transaction")[0]
        + """
try:
    with transaction.atomic():
        media_items().sync(1, "plex", [pymap.Item(item_id="1", type="movie", title="Heat")])
        raise ZeroDivisionError
except ZeroDivisionError:
    media_items().get_or_create_mapping(1, "plex", "2", "movie", "Heat")
""",
    )
    assert mappings(dsn) == {"2"}


def test_what_django_has_is_refused_with_what_to_pass(dsn: str) -> None:
    run_django(
        dsn,
        """
import pymap
from django.db import connection, connections

with connection.cursor() as cursor:
    for value in (connection, connections["default"], cursor):
        try:
            pymap.ClientMediaItemHelper(value)
        except TypeError as error:
            assert str(error).endswith("pass connection.connection after connection.ensure_connection()"), error
        else:
            raise AssertionError(value)
""",
    )


# plexapi


@pytest.fixture
def plex(httpserver: HTTPServer) -> PlexServer:
    """A server with two films and a series, as plexapi sees it."""
    sections = (
        '<Directory key="1" type="movie" title="Films"/><Directory key="2" type="show" title="Series"/>'
        '<Directory key="3" type="photo" title="Photos"/>'
    )
    entries = {
        "1": '<Video ratingKey="1" type="movie" title="Heat" year="1995"><Guid id="imdb://tt0113277"/></Video>'
        '<Video ratingKey="5" type="movie" title="Alien" year="1979"/>',
        "2": '<Directory ratingKey="2" type="show" title="Lost" year="2004"/>',
        "3": '<Directory ratingKey="3" type="season" title="Season 1" index="1" parentRatingKey="2"/>',
        "4": '<Video ratingKey="4" type="episode" title="Pilot" index="1" parentIndex="1" grandparentRatingKey="2"/>',
    }

    def answer(request: Request) -> Response:
        if request.path == "/library/sections":
            content = sections
        else:
            default = {"/library/sections/1/all": "1", "/library/sections/2/all": "2"}.get(request.path, "")
            content = entries.get(request.args.get("type", default), "")
        return Response(f'<MediaContainer version="1.41" machineIdentifier="nas">{content}</MediaContainer>')

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    return PlexServer(httpserver.url_for("/"), "token")


def test_the_guide_of_plexapi_syncs_a_whole_library(dsn: str, plex: PlexServer) -> None:
    found: dict[str, Any] = {}
    exec(compile(code("plexapi.md"), "plexapi.md", "exec"), found)
    with psycopg.connect(dsn) as connection:
        summary = found["sync"](plex, connection)
    assert {type: counts["created"] for type, counts in summary.counts.items()} == {
        "movie": 2,
        "series": 1,
        "season": 1,
        "episode": 1,
    }
    assert mappings(dsn) == {"1", "2", "3", "4", "5"}


# Python


def test_the_examples_of_the_python_page_run(dsn: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, follow = re.findall(r"^```python\n(.*?)^```$", PYTHON.read_text(), flags=re.MULTILINE | re.DOTALL)
    found: dict[str, Any] = {"dsn": dsn, "pymap": pymap}
    exec(compile(first, "python.md", "exec"), found)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "upload 0 None"
    assert "'matched': 1" in printed[-2]
    assert printed[-1] == "{'1': 1}"
    exec(compile(second, "python.md", "exec"), found)
    assert asyncio.run(found["look_up"](dsn)) == 1
    exec(compile(follow, "python.md", "exec"), found)
    applied: list[Any] = []

    class Enough(Exception):
        pass

    def remember(bookmark: int) -> None:
        assert bookmark == applied[-1].event_id
        raise Enough

    with pytest.raises(Enough):
        found["follow"](dsn, 0, applied.append, remember)
    assert [event.kind for event in applied] == ["mapped"] * 3
