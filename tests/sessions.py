"""Many sessions at once: sessions that meet at a barrier, named sessions on a stage, and what they do.

A session is known to wait when pg_blocking_pids says for whom.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from threading import Barrier, Lock
from typing import Any, TypeVar

import psycopg
import pytest
from psycopg import IsolationLevel
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from tests.agreement import disagreements

T = TypeVar("T")
Connection = psycopg.Connection[Any]

READ_COMMITTED = IsolationLevel.READ_COMMITTED
REPEATABLE_READ = IsolationLevel.REPEATABLE_READ
SERIALIZABLE = IsolationLevel.SERIALIZABLE
LEVELS = pytest.mark.parametrize(
    "level", [READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE], ids=lambda level: level.name.lower()
)

COMMIT = pytest.mark.parametrize("commit", [True, False], ids=["commit", "rollback"])

SESSIONS = 8


#: By DSN. In a new session the first sync makes tables and plans, which costs more than most tests.
_pools: dict[str, ConnectionPool[Connection]] = {}
_making_a_pool = Lock()


@contextmanager
def session(dsn: str, level: IsolationLevel = READ_COMMITTED) -> Iterator[Connection]:
    """A connection that finds deadlocks soon and gives up where a function loops or waits for ever."""
    with _making_a_pool:
        if dsn not in _pools:
            options = {"options": "-c deadlock_timeout=100ms -c statement_timeout=60s"}
            check = ConnectionPool.check_connection
            _pools[dsn] = ConnectionPool(
                dsn, min_size=0, max_size=20, kwargs=options, open=True, check=check, reset=_reset
            )
    with _pools[dsn].connection() as connection:
        connection.isolation_level = level
        yield connection
        connection.rollback()


def _reset(connection: Connection) -> None:
    connection.read_only = None
    connection.autocommit = True
    connection.execute("unlisten *")
    connection.execute("reset all")
    connection.autocommit = False


def end_sessions(database: str) -> None:
    """End all sessions of a database, which is about to be copied or dropped."""
    for dsn in [dsn for dsn in _pools if conninfo_to_dict(dsn)["dbname"] == database]:
        _pools.pop(dsn).close()


def transaction(connection: Connection, work: Callable[[Connection], T], *, roll_back: bool = False) -> T:
    """Run work in a transaction of its own, again after 40001, and commit or roll back."""
    while True:
        try:
            with connection.transaction(force_rollback=roll_back):
                return work(connection)
        except psycopg.errors.SerializationFailure:
            continue


def together(dsn: str, level: IsolationLevel, work: Callable[[Connection, int], T]) -> list[T]:
    """Run work(connection, number of the session) in SESSIONS sessions at once; raise what one of them raised."""
    start = Barrier(SESSIONS)

    def run(number: int) -> T:
        with session(dsn, level) as connection:
            connection.execute("select")
            connection.rollback()
            start.wait()
            return work(connection, number)

    with ThreadPoolExecutor(SESSIONS) as threads:
        return list(threads.map(run, range(SESSIONS)))


class Stage:
    """Named sessions, each in a transaction, whose statements run at the same time where they wait for each other."""

    def __init__(self, dsn: str, level: IsolationLevel = READ_COMMITTED) -> None:
        self._dsn = dsn
        self._level = level
        self._exit = ExitStack()
        self._sessions: dict[str, Connection] = {}

    def __enter__(self) -> Stage:
        self._threads = self._exit.enter_context(ThreadPoolExecutor(8))
        self._observer = self._exit.enter_context(session(self._dsn))
        self._observer.autocommit = True
        return self

    def __exit__(self, *error: object) -> None:
        # A session that still waits must not keep the threads from ending.
        for connection in self._sessions.values():
            connection.cancel()
        self._exit.close()

    def __getitem__(self, name: str) -> Connection:
        if name not in self._sessions:
            self._sessions[name] = self._exit.enter_context(session(self._dsn, self._level))
        return self._sessions[name]

    def submit(self, name: str, work: Callable[[Connection], T]) -> Future[T]:
        """Start work in a session."""
        return self._threads.submit(work, self[name])

    def start(self, name: str, work: Callable[[Connection], T], *, waits_for: str | tuple[str, ...]) -> Future[T]:
        """Start work in a session and return once it waits for the other one, or for one of the others."""
        result = self.submit(name, work)
        self.until_waiting(name, result, *([waits_for] if isinstance(waits_for, str) else waits_for))
        return result

    def until_waiting(self, name: str, result: Future[Any], *waits_for: str) -> None:
        assert self.stops(name, result, *waits_for), f"{name} did not wait: {result.exception() or result.result()}"

    def stops(self, name: str, result: Future[Any], *waits_for: str) -> bool:
        """Return true once the session waits for one of the others, false if its call is done."""
        wanted = {self[blocker].info.backend_pid for blocker in waits_for}
        while True:
            done = result.done()
            (blockers,) = self._observer.execute(
                "select pg_blocking_pids(%s)", [self[name].info.backend_pid]
            ).fetchone() or ([],)
            if wanted.intersection(blockers):
                return True
            if done:
                return False
            time.sleep(0.005)

    def finish(self, calls: dict[str, Future[Any]]) -> None:
        """Commit the session whose call is done first, so that the others can go on; raise what one of them raised."""
        while calls:
            wait(calls.values(), return_when=FIRST_COMPLETED)
            for name in [name for name, call in calls.items() if call.done()]:
                calls.pop(name).result()
                self[name].commit()


# What they do


def imdb(number: int) -> list[dict[str, str]]:
    return [{"source": "imdb", "id": f"tt{number:07}"}]


def single(client_id: int, key: str, external_ids: Any = (), *, titled: bool = True) -> Callable[[Connection], int]:
    """A call of get_or_create_mapping."""

    def work(connection: Connection) -> int:
        (media_item_id,) = connection.execute(
            "select pymap.get_or_create_mapping(%s, 'plex', %s, 'movie', %s, '{}', %s)",
            [client_id, key, f"Film {key}" if titled else None, Jsonb(list(external_ids))],
        ).fetchone() or (None,)
        assert media_item_id is not None
        return int(media_item_id)

    return work


def batch(client_id: int, keys: dict[str, Any], *, titled: bool = True) -> Callable[[Connection], dict[str, int]]:
    """A call of get_or_create_mappings; keys are client item IDs with their external IDs, in the order of the list."""
    items = [
        {"itemId": key, "type": "movie", "title": f"Film {key}" if titled else None, "externalIds": ids}
        for key, ids in keys.items()
    ]

    def work(connection: Connection) -> dict[str, int]:
        rows = connection.execute(
            "select client_item_id, media_item_id from pymap.get_or_create_mappings(%s, 'plex', %s)",
            [client_id, Jsonb(items)],
        ).fetchall()
        media_items = dict(rows)
        assert media_items.keys() == keys.keys()
        assert None not in media_items.values()
        return media_items

    return work


def batch_of_one(client_id: int, key: str, external_ids: Any = ()) -> Callable[[Connection], int]:
    def work(connection: Connection) -> int:
        return batch(client_id, {key: list(external_ids)})(connection)[key]

    return work


BOTH_WAYS = {"single": single, "batch": batch_of_one}
WAYS = pytest.mark.parametrize(
    ("first", "second"),
    [(first, second) for first in BOTH_WAYS.values() for second in BOTH_WAYS.values()],
    ids=[f"{first}-{second}" for first in BOTH_WAYS for second in BOTH_WAYS],
)
Way = Callable[..., Callable[[Connection], int]]


def execute(query: str, *parameters: Any) -> Callable[[Connection], Any]:
    def work(connection: Connection) -> Any:
        (value,) = connection.execute(query.encode(), parameters).fetchone() or (None,)
        return value

    return work


def remove_client(client_id: int) -> Callable[[Connection], Any]:
    return execute("select pymap.remove_client(%s)", client_id)


def unlink(client_id: int, key: str) -> Callable[[Connection], Any]:
    return execute("select pymap.unlink_client_item(%s, %s)", client_id, key)


def assert_sound(dsn: str, *, every_item_is_mapped: bool = True) -> None:
    with session(dsn) as connection:
        assert disagreements(connection) == []
        orphans = connection.execute("select id from pymap.media_items where sync_clients = '[]'").fetchall()
        assert not (every_item_is_mapped and orphans)


def media_item_count(dsn: str) -> int:
    with session(dsn) as connection:
        return int(execute("select count(*) from pymap.media_items")(connection))


def mutate(dsn: str, function: str, start: str, end: str, replacement: str) -> None:
    """Replace what stands in a function from one text through the next other one."""
    with session(dsn) as connection:
        source: str = execute("select pg_get_functiondef(%s::regproc)", f"pymap.{function}")(connection)
        before, found, rest = source.partition(start)
        _, found_too, after = rest.partition(end)
        assert found, start
        assert found_too, end
        connection.execute((before + replacement + after).encode())
        connection.commit()
