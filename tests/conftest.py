"""One place that picks the server, makes the databases and loads pgTAP."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pytest_pgtap.plugin import PgTapItem
from xdist.scheduler import LoadScopeScheduling

from pymap.migrations import migrate
from tests.flavours import Async, Sync
from tests.pgtap import install_pgtap
from tests.scale import searches
from tests.servers import NoServer, chosen_server, provide_image, start_server
from tests.sessions import end_sessions

#: What lies beside the checkout, which the project does not copy, by the fixture that gives it to a test.
SHARED = Path(__file__).resolve().parents[2] / "shared"
BESIDE = {"samples": SHARED / "samples", "cases": SHARED / "cases"}
ABSENT = {name: folder for name, folder in BESIDE.items() if not folder.is_dir()}


#: The test that is about all pgTAP tests, and counts what they called.
ABOUT_PGTAP = "test_every_function_is_run_by_a_pgtap_test"
#: What takes longest begins first, so that no worker has much left when the others are done.
_LONG_FILES = (
    "sync_faults cli cli_servers cli_identity screens concurrency normalize migrations sync_helper packaging "
    "cli_terminal sync cli_look settings"
)
LONGEST = ["pgTAP", *(f"tests/py/test_{name}.py" for name in _LONG_FILES.split())]


def group_of(nodeid: str) -> str:
    """Tests of one group share what is costly to make: those of a file, and all of pgTAP."""
    file, _, name = nodeid.partition("::")
    return "pgTAP" if file.endswith(".sql") or name == ABOUT_PGTAP else file


def pytest_configure(config: pytest.Config) -> None:
    """Get the image before any worker starts: without an engine, that is one line."""
    if chosen_server() == "container" and not hasattr(config, "workerinput"):
        try:
            provide_image()
        except NoServer as error:
            raise pytest.UsageError(str(error)) from None


def pytest_sessionstart() -> None:
    if ABSENT and os.environ.get("CI"):
        raise pytest.UsageError(absence())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if ABSENT:
        terminalreporter.write_line(absence(), yellow=True)


def absence() -> str:
    return f"Nothing is tested on {' and '.join(map(str, ABSENT.values()))}: absent."


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    untested = [item for item in items if not ABSENT.keys().isdisjoint(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=untested)
    items[:] = [item for item in items if item not in untested]
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(searches)
    order = {group: number for number, group in enumerate(LONGEST)}
    items.sort(key=lambda item: (order.get(group_of(item.nodeid), len(order)), item.name == ABOUT_PGTAP))


class GroupsTogether(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupsTogether:
    config.option.loadscopereorder = False
    return GroupsTogether(config, log)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that tests may fill with databases."""

    dsn: str

    def connect(self, database: str = "postgres", **options: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(self.dsn_of(database), **options)

    def dsn_of(self, database: str) -> str:
        return psycopg.conninfo.make_conninfo(self.dsn, dbname=database)

    @contextmanager
    def database(self, template: str | None = None, locale: str = "") -> Iterator[str]:
        """Create a database, yield its DSN, drop it; locale is that part of CREATE DATABASE."""
        name = f"pymap_test_{uuid.uuid4().hex[:12]}"
        if template:
            end_sessions(template)
        with self.connect(autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} template {} encoding 'UTF8' strategy file_copy ").format(
                    sql.Identifier(name), sql.Identifier(template or "template0")
                )
                + sql.SQL(locale)
            )
        try:
            yield self.dsn_of(name)
        finally:
            end_sessions(name)
            with self.connect(autocommit=True) as connection:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with start_server(chosen_server()) as dsn:
        yield Server(dsn)


@pytest.fixture(scope="session")
def template(server: Server) -> Iterator[str]:
    """Name of a migrated database to copy."""
    with server.database() as dsn:
        migrate(dsn)
        yield psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]


@pytest.fixture
def dsn(server: Server, template: str) -> Iterator[str]:
    """A migrated database of the test's own, for tests that commit."""
    with server.database(template) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def shared_dsn(server: Server, template: str) -> Iterator[str]:
    """A migrated database for all tests that roll back."""
    with server.database(template) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            install_pgtap(connection)
        yield dsn


#: The flavours whose lasting connections are rolled back after each test: the feed of the next one would wait for them.
FLAVOURS = pytest.StashKey[dict[str, Any]]()


@pytest.fixture(scope="session")
def flavours(shared_dsn: str, pytestconfig: pytest.Config) -> Iterator[dict[str, Any]]:
    with ExitStack() as stack:
        made: dict[str, Any] = {"sync": Sync(stack, shared_dsn), "async": Async(stack, shared_dsn)}
        pytestconfig.stash[FLAVOURS] = made
        yield made
        del pytestconfig.stash[FLAVOURS]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    for flavour in item.config.stash.get(FLAVOURS, {}).values():
        flavour.run(flavour.lasting.rollback())


@pytest.fixture(scope="session")
def conn(flavours: dict[str, Any]) -> psycopg.Connection[Any]:
    """A connection whose work is rolled back."""
    lasting: psycopg.Connection[Any] = flavours["sync"].lasting
    return lasting


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest, flavours: dict[str, Any]) -> Iterator[Any]:
    with ExitStack() as stack:
        yield flavours[request.param].until(stack)


@pytest.fixture
def connection(flavour: Any) -> Any:
    """A connection of the flavour, whose work is rolled back."""
    return flavour.lasting


@pytest.fixture
def helper(flavour: Any, connection: Any) -> Any:
    return flavour.helper(connection)


@pytest.fixture(scope="session")
def pgtap_connection(shared_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """The connection on which pytest-pgtap runs tests/sql; what it calls is counted."""
    with psycopg.connect(shared_dsn, autocommit=True, options="-c track_functions=all") as connection:
        connection.execute("select from pymap.sync_client_items(1, 'plex', '[]', p_dry_run => true)")
        yield connection


#: The files of tests/sql that pytest-pgtap has run.
PGTAP_RUN = pytest.StashKey[set[Path]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    yield
    if isinstance(item, PgTapItem):
        item.config.stash.setdefault(PGTAP_RUN, set()).add(item.path)


@pytest.fixture(scope="session")
def samples() -> Path:
    """The real listings."""
    return BESIDE["samples"]


@pytest.fixture(scope="session")
def cases() -> Path:
    """The stories from public bug reports."""
    return BESIDE["cases"]
