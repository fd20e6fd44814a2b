"""The commands that install, seen by roles that lack rights, by databases of the SQL bundle, by URLs of other tools."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import pymap
import pymap.migrations
from pymap._dsn import libpq_dsn
from tests.command_line import assert_one_line_of_error, run_pymap
from tests.conftest import Server


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """A database in which pymap is not installed."""
    with server.database() as dsn:
        yield dsn


@contextmanager
def role(dsn: str, options: str = "") -> Iterator[str]:
    """A role of its own; yield its DSN."""
    name = f"pymap_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"create role {name} login password '{name}' {options}".encode())
        yield make_conninfo(dsn, user=name, password=name)
        connection.execute(f"drop owned by {name}; drop role {name}".encode())


@contextmanager
def without_pymaps_roles(server: Server) -> Iterator[None]:
    """The roles have other names for a while; nothing else may run on the server that needs them."""
    with server.connect(autocommit=True) as connection:
        names = [
            row[0]
            for row in connection.execute("select rolname from pg_roles where rolname ~ '^pymap_(reader|writer)$'")
        ]
        for name in names:
            connection.execute(f"alter role {name} rename to {name}_away".encode())
        try:
            yield
        finally:
            for name in names:
                connection.execute(f"alter role {name}_away rename to {name}".encode())


# Which database


@pytest.mark.parametrize(
    ("dsn", "libpq"),
    [
        ("postgresql+psycopg://u:p@h:5/d?x=y", "postgresql://u:p@h:5/d?x=y"),
        ("postgres+psycopg2://h/d", "postgres://h/d"),
        ("postgresql://h/d", "postgresql://h/d"),
        ("host=h dbname=postgresql+psycopg://", "host=h dbname=postgresql+psycopg://"),
    ],
)
def test_a_url_that_names_a_driver_is_one_without(dsn: str, libpq: str) -> None:
    assert libpq_dsn(dsn) == libpq


def test_every_command_takes_a_url_that_names_a_driver(empty: str, tmp_path: Path) -> None:
    parts = conninfo_to_dict(empty)
    query = "&".join(f"{name}={value}" for name, value in parts.items() if name != "dbname")
    url = f"postgresql+psycopg:///{parts['dbname']}?{query}"
    assert pymap.migration_status(url).version is None
    for command in (["migrate"], ["status"], ["doctor"]):
        done = run_pymap(*command, "--dsn", url, home=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), command
    assert pymap.migrate(url) == []


# What is installed


def test_status_after_the_bundle_says_what_is_installed(empty: str, tmp_path: Path) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute(pymap.migrations.bundle().encode())
    done = run_pymap("status", "--dsn", empty, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Installed: version {pymap.__version__}" in done.stdout
    assert "SQL bundle" in done.stdout
    assert "ending" not in done.stdout
    report = json.loads(run_pymap("status", "--json", "--dsn", empty, home=tmp_path).stdout)
    assert (report["installed"], report["applied"], report["pending"]) == (pymap.__version__, [], [])
    assert run_pymap("migrate", "--dsn", empty, home=tmp_path).returncode == 0
    assert "pymap_0001_schema" in run_pymap("status", "--dsn", empty, home=tmp_path).stdout


@pytest.mark.parametrize("has_marks", [True, False], ids=["yoyo", "bundle"])
def test_status_of_an_older_version_says_what_to_do(
    server: Server, template: str, tmp_path: Path, has_marks: bool
) -> None:
    with server.database(template) as dsn:
        with psycopg.connect(dsn) as connection:
            connection.execute("create or replace function pymap.version() returns text language sql return '0.0.9'")
            if not has_marks:
                connection.execute("delete from _yoyo_migration")
        done = run_pymap("status", "--dsn", dsn, home=tmp_path)
        assert (done.returncode, done.stderr) == (1, "")
        assert "Installed: version 0.0.9" in done.stdout
        assert "Run: pymap migrate" in done.stdout
        assert run_pymap("migrate", "--dsn", dsn, home=tmp_path).returncode == 0
        assert run_pymap("status", "--dsn", dsn, home=tmp_path).returncode == 0


# Which right is missing


def test_migrate_says_which_rights_are_missing_all_at_once(server: Server, empty: str, tmp_path: Path) -> None:
    with role(empty) as dsn, without_pymaps_roles(server):
        done = run_pymap("migrate", "--dsn", dsn, home=tmp_path)
    name = conninfo_to_dict(dsn)["user"]
    database = conninfo_to_dict(dsn)["dbname"]
    assert_one_line_of_error(
        done,
        f"permission denied: {name} lacks CREATE on schema public",
        f"CREATE on database {database}",
        "CREATEROLE",
        f"grant create on database {database} to {name}",
        f"alter role {name} createrole",
    )


def test_migrate_of_another_roles_installation_says_whose_it_is(server: Server, template: str, tmp_path: Path) -> None:
    with server.database(template) as installed, role(installed) as dsn:
        with psycopg.connect(installed, autocommit=True) as connection:
            connection.execute(f"grant create on schema public to {conninfo_to_dict(dsn)['user']}".encode())
        done = run_pymap("migrate", "--dsn", dsn, home=tmp_path)
        assert_one_line_of_error(done, "lacks the role that owns schema pymap")


@pytest.mark.parametrize(("options", "right"), [("createrole", "CREATEDB"), ("createdb", "CREATEROLE")])
def test_demo_says_which_right_is_missing(server: Server, tmp_path: Path, options: str, right: str) -> None:
    with role(server.dsn_of("postgres"), options) as dsn, without_pymaps_roles(server):
        done = run_pymap("demo", "--dsn", dsn, home=tmp_path)
    assert_one_line_of_error(done, f"lacks {right}", f"{right.lower()}")
    with server.connect() as connection:
        assert connection.execute("select from pg_database where datname = 'pymap_demo'").fetchone() is None
