"""PgBouncer in transaction mode: what works through it, and that no state of one client reaches another.

make test-servers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import psycopg_pool
import pytest
from psycopg.types.json import Jsonb

from pymap import AsyncClientMediaItemHelper, ClientMediaItemHelper, SyncRefused
from tests.command_line import LISTINGS, run_pymap
from tests.conftest import Server
from tests.pgbouncer import pgbouncer, version
from tests.replicas import Connection, damage

pytestmark = pytest.mark.servers

#: Far more than server connections, of which there are SERVERS.
CLIENTS, SERVERS, ROUNDS = 12, 3, 4
FILMS = [{"itemId": str(n), "type": "movie", "title": f"Film {n}", "year": 1950 + n} for n in range(40)]


@pytest.fixture(scope="module")
def narrow(server: Server) -> Iterator[Server]:
    """A pooler with one server connection: all clients share the session, one after the other."""
    with pgbouncer(server, default_pool_size=1) as pooler:
        yield pooler


@pytest.fixture(scope="module")
def wide(server: Server) -> Iterator[Server]:
    with pgbouncer(server, default_pool_size=SERVERS) as pooler:
        yield pooler


@pytest.fixture
def through(narrow: Server, dsn: str) -> str:
    """The test's database, by the pooler with one server connection."""
    return narrow.dsn_of(database_of(dsn))


def database_of(dsn: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])


@pytest.fixture
def connect(through: str) -> Iterator[Callable[[], Connection]]:
    """Connects another client through the pooler."""
    opened: list[Connection] = []

    def connect() -> Connection:
        opened.append(psycopg.connect(through, autocommit=True, prepare_threshold=None))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def backend(connection: Connection) -> int:
    return int(connection.execute("select pg_backend_pid()").fetchone()[0])


@pytest.mark.parametrize("source", ["transaction", "autocommit", "pool"])
def test_the_helper_works(flavour: Any, through: str, source: str) -> None:
    options = {"prepare_threshold": None}
    if source == "pool":
        helper = flavour.helper(flavour.pool(through, kwargs=options))
    else:
        helper = flavour.helper(flavour.connect(through, autocommit=source == "autocommit", **options))
    phases: list[str] = []

    assert helper.sync(1, "plex", FILMS, progress=lambda phase, *_: phases.append(phase)).total("created") == len(FILMS)
    assert helper.sync(2, "jellyfin", FILMS).total("matched") == len(FILMS)
    batch = helper.get_or_create_mappings(3, "emby", FILMS)
    one = helper.get_or_create_mapping(4, "kodi", "1", "movie", "Film 1", release_year=1951)

    assert len(phases) > 2
    assert {item.action for item in batch} == {"matched"}
    assert helper.sync(1, "plex", FILMS).total("kept") == len(FILMS)
    mappings = helper.sync_clients_list(1, "movie")
    assert mappings.keys() == {film["itemId"] for film in FILMS}
    assert mappings["1"] == one
    # Far more often than what psycopg would prepare.
    for item_id, media_item_id in mappings.items():
        assert helper.get_media_item_by_client_id(1, item_id) == media_item_id
        assert helper.get_media_item_by_client_id_and_type(2, item_id, "movie") == media_item_id
    assert helper.get_media_items_by_client_ids(3, list(mappings)) == mappings
    assert {row.media_item_id for row in helper.translate_client_item_ids(4, ["1"], 2)} == {one}
    merge = helper.merge_media_items(mappings["1"], mappings["2"])
    helper.undo(merge)
    assert helper.sync_clients_list(1, "movie") == mappings
    assert [finding for finding in helper.check_integrity() if finding.severity == "error"] == []


def film(client: int, round_: int) -> dict[str, Any]:
    """A film that only one client has, in one round."""
    return {"itemId": f"{client} {round_}", "type": "movie", "title": f"Of {client} in {round_}", "year": 2001}


def test_more_clients_than_server_connections(wide: Server, dsn: str) -> None:
    through = wide.dsn_of(database_of(dsn))

    def use(client: int) -> set[int]:
        backends = set()
        for round_ in range(ROUNDS):
            with psycopg.connect(through, prepare_threshold=None) as connection:
                helper = ClientMediaItemHelper(connection)
                helper.sync(client, "plex", [*FILMS, film(client, round_)], allow_removals=True)
                backends.add(backend(connection))
                connection.commit()
                batch = helper.get_or_create_mappings(100 + client, "emby", FILMS[:10])
                connection.commit()
                one = helper.get_or_create_mapping(200 + client, "kodi", "3", "movie", "Film 3", release_year=1953)
                connection.commit()
                mappings = helper.sync_clients_list(client)
                assert mappings.keys() == {f["itemId"] for f in [*FILMS, film(client, round_)]}
                assert mappings["3"] == one
                assert {item.client_item_id: item.media_item_id for item in batch}.items() <= mappings.items()
        return backends

    with ThreadPoolExecutor(CLIENTS) as pool:
        backends = set().union(*pool.map(use, range(1, CLIENTS + 1)))

    assert len(backends) <= SERVERS
    everyone_agrees(dsn)


def test_more_asynchronous_clients_than_server_connections(wide: Server, dsn: str) -> None:
    through = wide.dsn_of(database_of(dsn))

    async def use(pool: Any, client: int) -> None:
        helper = AsyncClientMediaItemHelper(pool)
        for round_ in range(ROUNDS):
            await helper.sync(client, "plex", [*FILMS, film(client, round_)], allow_removals=True)
            batch = await helper.get_or_create_mappings(100 + client, "emby", FILMS[:10])
            one = await helper.get_or_create_mapping(200 + client, "kodi", "3", "movie", "Film 3", release_year=1953)
            mappings = await helper.sync_clients_list(client)
            assert mappings.keys() == {f["itemId"] for f in [*FILMS, film(client, round_)]}
            assert mappings["3"] == one
            assert {item.client_item_id: item.media_item_id for item in batch}.items() <= mappings.items()

    async def use_all() -> None:
        options = {"prepare_threshold": None}
        async with psycopg_pool.AsyncConnectionPool(through, min_size=CLIENTS, kwargs=options, open=False) as pool:
            await asyncio.gather(*(use(pool, client) for client in range(1, CLIENTS + 1)))

    asyncio.run(use_all())

    everyone_agrees(dsn)


def everyone_agrees(dsn: str) -> None:
    """Every client has the same media item for the same film, and nothing is damaged."""
    with psycopg.connect(dsn) as connection:
        different = connection.execute(
            "select client_item_id from pymap.client_items group by 1 having count(distinct media_item_id) > 1"
        ).fetchall()
        assert different == []
        assert damage(connection) == []


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_a_listing_that_was_begun_is_nobody_elses(connect: Callable[[], Connection], ending: str) -> None:
    one, other = connect(), connect()
    one.execute("begin")
    statement = one.execute("select pymap.begin_client_sync(1, 'plex')").fetchone()
    assert statement is not None
    with one.cursor() as cursor, cursor.copy(statement[0]) as copy:
        copy.write_row([Jsonb(FILMS[0])])
    used = backend(one)
    one.execute(ending.encode())

    with other.transaction():
        assert backend(other) == used
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState), other.transaction():
            other.execute("select * from pymap.apply_client_sync(1, 'plex')")
        assert ClientMediaItemHelper(other).sync(1, "plex", FILMS[1:3]).total("created") == 2
    assert set(ClientMediaItemHelper(other).sync_clients_list(1)) == {"1", "2"}


def test_a_refused_sync_leaves_nothing_behind(connect: Callable[[], Connection]) -> None:
    one, other = connect(), connect()
    ClientMediaItemHelper(one).sync(1, "plex", FILMS)
    with pytest.raises(SyncRefused):
        ClientMediaItemHelper(one).sync(1, "plex", FILMS[:2])

    summary = ClientMediaItemHelper(other).sync(2, "emby", FILMS[:3])

    assert backend(one) == backend(other)
    assert summary.total("matched") == 3
    assert len(ClientMediaItemHelper(other).sync_clients_list(1)) == len(FILMS)


def test_local_settings_end_with_the_transaction(connect: Callable[[], Connection]) -> None:
    one, other = connect(), connect()
    with one.transaction():
        one.execute("select set_config('pymap.actor', 'alice', true), set_config('pymap.tenant_id', '7', true)")
        one.execute("select pymap.get_or_create_mapping(1, 'plex', '1', 'movie', 'Heat', p_tenant_id => 7)")

    ClientMediaItemHelper(other).get_or_create_mapping(1, "plex", "2", "movie", "Alien")

    assert backend(one) == backend(other)
    actors = other.execute(
        "select actor from pymap.changes_since(0) union all select actor from pymap.changes_since(0, 9, 7)"
    )
    assert actors.fetchall() == [(other.info.user,), ("alice",)]


def test_settings_of_a_session_reach_whoever_comes_next(connect: Callable[[], Connection]) -> None:
    one, other = connect(), connect()
    one.execute("set pymap.tenant_id = '7'")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ClientMediaItemHelper(other).get_or_create_mapping(1, "plex", "2", "movie", "Alien")

    one.execute("reset pymap.tenant_id")


def test_progress_is_told_to_whoever_asked(connect: Callable[[], Connection]) -> None:
    one, other = connect(), connect()
    phases: list[str] = []
    ClientMediaItemHelper(one).sync(1, "plex", FILMS, progress=lambda phase, *_: phases.append(phase))
    notices: list[Any] = []
    other.add_notice_handler(notices.append)

    ClientMediaItemHelper(other).sync(2, "plex", FILMS)

    assert phases
    assert backend(one) == backend(other)
    assert notices == []


def test_temporary_tables_may_vanish_between_calls(connect: Callable[[], Connection]) -> None:
    one, other = connect(), connect()
    helper = ClientMediaItemHelper(one)
    for client in (1, 2):
        helper.sync(client, "plex", FILMS)
        other.execute("discard all")
        helper.get_or_create_mappings(10 + client, "emby", FILMS)
        other.execute("discard all")

    assert backend(one) == backend(other)
    assert helper.sync_clients_list(11) == helper.sync_clients_list(1)


def test_a_listener_past_the_pooler_hears_of_writes_through_it(connect: Callable[[], Connection], dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as listener:
        listener.execute("select pymap.listen()")

        ClientMediaItemHelper(connect()).get_or_create_mapping(1, "plex", "1", "movie", "Heat")

        (notification,) = listener.notifies(timeout=60, stop_after=1)
        assert (notification.channel, notification.payload) == ("pymap_events", "0")


def test_a_listener_through_the_pooler_hears_nothing(connect: Callable[[], Connection], dsn: str) -> None:
    listener, writer = connect(), connect()
    listener.execute("select pymap.listen()")

    ClientMediaItemHelper(writer).get_or_create_mapping(1, "plex", "1", "movie", "Heat")

    assert list(listener.notifies(timeout=1)) == []
    # The server session listens from now on, and writers go on notifying it.
    listener.close()
    assert advisory_locks(dsn) == 1


def advisory_locks(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        return len(
            connection.execute(
                "select from pg_locks as l join pg_database as d on d.oid = l.database "
                "where l.locktype = 'advisory' and d.datname = current_database()"
            ).fetchall()
        )


def test_prepared_statements_need_a_pooler_that_knows_them(server: Server, dsn: str) -> None:
    if version() < (1, 21):
        with (
            pytest.raises(AssertionError, match="max_prepared_statements"),
            pgbouncer(server, max_prepared_statements=100),
        ):
            pass
        return
    with pgbouncer(server, default_pool_size=1, max_prepared_statements=100) as pooler:
        clients = [psycopg.connect(pooler.dsn_of(database_of(dsn)), autocommit=True) for _ in range(2)]
        for client in clients:
            # A statement that is prepared puts an older one out, which has to be closed.
            client.prepared_max = 2
        for client in clients * 10:
            helper = ClientMediaItemHelper(client)
            assert helper.get_media_item_by_client_id(1, "1") is None
            assert helper.sync_clients_list(1) == {}
            assert helper.get_media_items_by_external_id("imdb", "tt0000001") == []
        for client in clients:
            client.close()


def test_prepared_statements_fail_if_the_pooler_does_not_know_them(server: Server, dsn: str) -> None:
    def look_up_in_turns(clients: list[Connection]) -> None:
        for client in clients * 10:
            ClientMediaItemHelper(client).get_media_item_by_client_id(1, "1")

    settings = {"max_prepared_statements": 0} if version() >= (1, 21) else {}
    with pgbouncer(server, default_pool_size=1, **settings) as pooler:
        clients = [psycopg.connect(pooler.dsn_of(database_of(dsn)), autocommit=True) for _ in range(2)]
        with pytest.raises(psycopg.errors.DuplicatePreparedStatement):
            look_up_in_turns(clients)
        for client in clients:
            client.close()


def test_commands_leave_nothing_to_those_that_follow(wide: Server, dsn: str, tmp_path: Path) -> None:
    through = wide.dsn_of(database_of(dsn))
    files = sorted(LISTINGS.glob("kodi-*.json"))
    for command in (
        ["migrate"],
        *[["sync", "--client", 1, "--type", "kodi", *files]] * 2,
        ["lookup", "--client", 1, *["1"] * 10, "--media-type", "movie"],
        ["doctor"],
        ["status"],
        *[["migrate"]] * SERVERS,
    ):
        done = run_pymap(*command, "--dsn", through, home=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), command
        assert advisory_locks(dsn) == 0, command
