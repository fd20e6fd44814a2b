"""Upgrading: the database of each release, restored and brought to this version, is as good as a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

import pymap
from pymap.migrations import bundle
from tests.agreement import disagreements
from tests.conftest import Server
from tests.databases import database_of_installer, schema_of
from tests.model.own_stories import film
from tests.model.stories import KEPT
from tests.releases import VERSIONS, Release
from tests.releases.answers import TENANTS, answers

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Upgraded:
    """A database of a release, at this version."""

    release: Release
    route: str
    database: str

    @cached_property
    def record(self) -> dict[str, Any]:
        return self.release.read_record()


@contextmanager
def upgraded_by_migrate(server: Server, release: Release) -> Iterator[str]:
    """All by a role that is no superuser."""
    with database_of_installer(server, "grant create on schema public to {role}") as dsn:
        release.restore(dsn)
        pymap.migrate(dsn)
        yield dsn


@contextmanager
def upgraded_by_bundle(server: Server, release: Release) -> Iterator[str]:
    with server.database() as dsn:
        release.restore(dsn)
        with psycopg.connect(dsn) as connection:
            connection.execute(bundle().encode())
        yield dsn


ROUTES = {"migrate": upgraded_by_migrate, "bundle": upgraded_by_bundle}


# Restoring needs the two roles, which the template's installation has made.
@pytest.fixture(
    scope="module",
    params=[(version, route) for version in VERSIONS for route in ROUTES],
    ids=lambda param: "-".join(param),
)
def upgraded(request: pytest.FixtureRequest, server: Server, template: str) -> Iterator[Upgraded]:
    version, route = request.param
    with ROUTES[route](server, Release(version)) as dsn:
        yield Upgraded(Release(version), route, conninfo_to_dict(dsn)["dbname"])


@pytest.fixture
def old(upgraded: Upgraded, server: Server) -> Iterator[str]:
    """The DSN of a copy of the upgraded database."""
    with server.database(upgraded.database) as dsn:
        yield dsn


@pytest.fixture
def connection(old: str) -> Iterator[Connection]:
    with psycopg.connect(old) as connection:
        yield connection


def table(connection: Connection, name: str) -> set[str]:
    return {row for (row,) in connection.execute(f"select to_jsonb(t)::text from pymap.{name} as t")}


def test_each_release_of_the_changelog_has_a_dump() -> None:
    released = re.findall(r"(?m)^## \[(\d+\.\d+\.\d+)\]", CHANGELOG.read_text(encoding="utf-8"))
    assert released
    assert sorted(released) == VERSIONS


def test_it_has_the_objects_of_a_new_installation(server: Server, template: str, old: str) -> None:
    assert schema_of(server, old, "--no-owner") == schema_of(server, server.dsn_of(template), "--no-owner")


def test_it_has_the_weights_and_media_types_of_a_new_installation(
    server: Server, template: str, connection: Connection
) -> None:
    with psycopg.connect(server.dsn_of(template)) as new:
        assert table(connection, "match_weights") == table(new, "match_weights")
        assert table(connection, "media_types") >= table(new, "media_types")


def test_nothing_is_pending_after_migrate(upgraded: Upgraded, old: str) -> None:
    status = pymap.migration_status(old)
    assert status.version == pymap.__version__
    if upgraded.route == "bundle":
        pymap.migrate(old)
    assert pymap.migration_status(old).pending == []
    assert pymap.migrate(old) == []


def test_it_is_sound(connection: Connection) -> None:
    for tenant_id in TENANTS:
        findings = pymap.ClientMediaItemHelper(connection, tenant_id=tenant_id).check_integrity()
        assert [finding for finding in findings if finding.severity == "error"] == []
        assert pymap.ClientMediaItemHelper(connection, tenant_id=tenant_id).rebuild_lookup() == 0
    assert disagreements(connection) == []


def test_it_answers_as_at_the_time_of_its_release(upgraded: Upgraded, connection: Connection) -> None:
    then, now = upgraded.record["answers"], answers(connection)
    assert now.keys() >= then.keys()
    for question, rows in then.items():
        assert rows, f"nothing to compare: {question}"
        assert now[question] == rows, question


def test_the_same_listings_change_nothing(upgraded: Upgraded, connection: Connection) -> None:
    before = answers(connection)
    for tenant_id, client_id, client_type, items in upgraded.record["listings"]:
        helper = pymap.ClientMediaItemHelper(connection, tenant_id=tenant_id)
        rows = helper.sync_client_items(client_id, client_type, items)
        assert {row.action for row in rows} <= KEPT
    assert answers(connection) == before


def test_syncs_and_the_feed_go_on(upgraded: Upgraded, old: str) -> None:
    client_id, client_type, items = next(
        row[1:] for row in upgraded.record["listings"] if row[0] == 0 and row[2] == "plex"
    )
    films = [item for item in items if item.get("type") == "movie"]
    removed, rekeyed = films[0], next(item for item in films[1:] if item.get("externalIds"))
    listing = [item for item in films if item not in (removed, rekeyed)]
    listing += [film("new", "A film of next year", 2031), rekeyed | {"itemId": "other"}]
    bookmark = upgraded.record["answers"]["changes of tenant 0"][-1]["event_id"]
    with psycopg.connect(old, autocommit=True) as connection:
        helper = pymap.ClientMediaItemHelper(connection)
        rows = helper.sync_client_items(client_id, client_type, listing)
        events = helper.changes_since(bookmark)
    assert {(row.client_item_id, row.action) for row in rows if row.action != "kept"} == {
        ("new", "created"), ("other", "rekeyed"), (removed["itemId"], "removed"),
    }  # fmt: skip
    assert {event.client_item_id for event in events} == {"new", "other", rekeyed["itemId"], removed["itemId"]}


def test_an_old_merge_can_be_undone(upgraded: Upgraded, connection: Connection) -> None:
    helper = pymap.ClientMediaItemHelper(connection)
    merged = next(
        row for row in upgraded.record["answers"]["changes of tenant 0"] if row["event_id"] == upgraded.record["merged"]
    )
    duplicate, kept = merged["media_item_before"], merged["media_item_after"]
    assert helper.resolve_media_item(duplicate) == kept
    helper.undo(merged["event_id"])
    assert helper.resolve_media_item(duplicate) == duplicate
    assert helper.get_client_item_ids(duplicate) != []
    assert disagreements(connection) == []
