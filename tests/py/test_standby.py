"""A hot standby: what runs there, what is refused, how to wait for it. make test-servers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from pymap import ClientMediaItemHelper
from pymap.migrations import migrate
from tests.clusters import PATIENCE, Programs, new_cluster, new_standby, wait_until
from tests.command_line import LISTINGS, assert_one_line_of_error, run_pymap
from tests.conftest import Server
from tests.replicas import READS, Connection, change, damage, fill, read, readers, statements, tables, writers

pytestmark = pytest.mark.servers

DATABASE = "media"

#: For each public function that writes: a call that would.
WRITES = {
    "begin_client_sync": "pymap.begin_client_sync(1, 'plex')",
    "get_or_create_mapping": "pymap.get_or_create_mapping(1, 'plex', 'new', 'movie', 'Heat')",
    "get_or_create_mappings": """pymap.get_or_create_mappings(1, 'plex', '[{"itemId": "new", "type": "movie"}]')""",
    "link_client_item": "pymap.link_client_item(ids[1], 1, 'plex', 'new')",
    "mark_distinct": "pymap.mark_distinct(ids[1], ids[2])",
    "merge_media_items": "pymap.merge_media_items(ids[1], ids[2])",
    "remove_client": "pymap.remove_client(1)",
    "split_media_item": """
        pymap.split_media_item(pymap.get_media_item_by_client_id(1, '101'), '[{"clientId": 1, "itemId": "101"}]')
        """,
    "sync_client_items": "pymap.sync_client_items(1, 'plex', '[]', array['movie'])",
    "undo": "pymap.undo((select max(event_id) from pymap.changes_since(0, 100000)))",
    "unlink_client_item": "pymap.unlink_client_item(1, '101')",
}
_IDS = "(select array_agg(id) as ids from pymap.media_items where type = 'movie' and merged_into is null)"


@dataclass(frozen=True)
class Pair:
    """A primary and the standby that follows it."""

    programs: Programs
    primary: Server
    standby: Server

    def catch_up(self) -> None:
        """Wait until the standby has replayed everything that the primary has written so far."""
        (ask_primary,), (ask_standby,) = statements("pg_current_wal_insert_lsn"), statements("pg_last_wal_replay_lsn()")
        with self.primary.connect() as connection:
            position = connection.execute(ask_primary.encode()).fetchone()
        with self.standby.connect(autocommit=True) as connection:
            wait_until(
                lambda: connection.execute(ask_standby.encode(), position).fetchone() == (True,),
                f"the standby to replay up to {position}",
            )

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let the standby receive, but not replay."""
        with self.standby.connect(autocommit=True) as connection:
            connection.execute("select pg_wal_replay_pause()")
            wait_until(
                lambda: connection.execute("select pg_get_wal_replay_pause_state()").fetchone() == ("paused",),
                "the standby to pause",
            )
            try:
                yield
            finally:
                connection.execute("select pg_wal_replay_resume()")


@pytest.fixture(scope="module")
def pair(server: Server) -> Iterator[Pair]:
    programs = Programs.of(server)
    with new_cluster(programs) as primary:
        with primary.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
        migrate(primary.dsn_of(DATABASE))
        with primary.connect(DATABASE, autocommit=True) as connection:
            connection.execute("create role webapp login in role pymap_writer")
            fill(connection)
        with new_standby(programs, primary, "standby") as standby:
            pair = Pair(programs, primary, standby)
            pair.catch_up()
            yield pair


@pytest.fixture
def primary(pair: Pair) -> Iterator[Connection]:
    with pair.primary.connect(DATABASE, user="webapp", autocommit=True) as connection:
        yield connection


@pytest.fixture
def standby(pair: Pair) -> Iterator[Connection]:
    """A connection of the role that applications have, to the standby."""
    pair.catch_up()
    with pair.standby.connect(DATABASE, user="webapp", autocommit=True) as connection:
        yield connection


def test_the_calls_are_those_of_all_public_functions(standby: Connection) -> None:
    assert READS.keys() == readers(standby)
    # apply_client_sync needs begin_client_sync; rebuild_lookup has a test of its own.
    assert WRITES.keys() == writers(standby) - {"apply_client_sync", "rebuild_lookup"}


@pytest.mark.parametrize("function", READS)
def test_what_reads_returns_what_it_does_on_the_primary(
    primary: Connection, standby: Connection, function: str
) -> None:
    here = read(standby, function)

    assert here == read(primary, function)
    # find_duplicates and check_integrity may have nothing to say.
    assert here or function in {"find_duplicates", "check_integrity", "get_review_candidates"}


@pytest.mark.parametrize("function", WRITES)
def test_what_writes_is_refused(standby: Connection, function: str) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        standby.execute(f"select {WRITES[function]} from {_IDS} as i".encode())


def test_damage_is_seen_on_the_standby_and_mended_on_the_primary(pair: Pair, standby: Connection) -> None:
    assert standby.execute("select pymap.rebuild_lookup()").fetchone() == (0,)
    with pair.primary.connect(DATABASE, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            'insert into pymap.media_items (type, external_ids) values (\'movie\', \'[{"source": "x", "id": "1"}]\')'
        )
        connection.execute("reset session_replication_role")
        pair.catch_up()
        assert "external_id_missing" in {row[2] for row in damage(standby)}
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            standby.execute("select pymap.rebuild_lookup()")

        connection.execute("select pymap.rebuild_lookup()")

        pair.catch_up()
        assert damage(standby) == []


def test_listening_is_refused(standby: Connection) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        standby.execute("select pymap.listen()")


def test_a_mapping_that_is_there_needs_no_writing(primary: Connection, standby: Connection) -> None:
    call = "select pymap.get_or_create_mapping(1, 'plex', '101', 'movie', null)"

    assert standby.execute(call).fetchone() == primary.execute(call).fetchone()


def test_both_helpers_and_their_pools_look_up(flavour: Any, pair: Pair, primary: Connection) -> None:
    pair.catch_up()
    dsn = psycopg.conninfo.make_conninfo(pair.standby.dsn_of(DATABASE), user="webapp")
    expected = ClientMediaItemHelper(primary).sync_clients_list(1, "movie")
    assert expected

    for source in (flavour.connect(dsn), flavour.pool(dsn)):
        helper = flavour.helper(source)
        assert helper.sync_clients_list(1, "movie") == expected
        assert helper.get_media_items_by_client_ids(1, list(expected), "movie") == expected
        assert all(helper.get_client_item_ids(media_item_id) for media_item_id in expected.values())


def test_an_error_of_pymap_is_the_same_on_the_standby(standby: Connection) -> None:
    with pytest.raises(Exception, match="p_media_type") as raised:
        ClientMediaItemHelper(standby).sync_clients_list(1, "film")
    assert type(raised.value).__name__ == "InvalidArgument"


def test_the_position_shows_when_the_standby_has_what_was_committed(
    pair: Pair, primary: Connection, standby: Connection
) -> None:
    with pair.standing_still():
        new = ClientMediaItemHelper(primary).get_or_create_mapping(30, "plex", "late", "movie", "Late")
        position = primary.execute("select pg_current_wal_insert_lsn()").fetchone()
        assert standby.execute("select pg_last_wal_replay_lsn() < %s::pg_lsn", position).fetchone() == (True,)
        assert ClientMediaItemHelper(standby).get_media_item_by_client_id(30, "late") is None

    pair.catch_up()

    assert ClientMediaItemHelper(standby).get_media_item_by_client_id(30, "late") == new


def test_remote_apply_waits_for_the_standby(pair: Pair, primary: Connection, standby: Connection) -> None:
    with pair.primary.connect(autocommit=True) as connection:
        connection.execute("alter system set synchronous_standby_names = 'standby'")
        connection.execute("select pg_reload_conf()")
        wait_until(
            lambda: connection.execute("select sync_state from pg_stat_replication").fetchone() == ("sync",),
            "the standby to be synchronous",
        )
        try:
            primary.execute(statements("remote_apply")[0].encode())
            with ThreadPoolExecutor(1) as pool:
                with pair.standing_still():
                    call = pool.submit(
                        ClientMediaItemHelper(primary).get_or_create_mapping, 31, "plex", "sure", "movie", "Sure"
                    )
                    waits = "select from pg_stat_activity where pid = %s and wait_event = 'SyncRep'"
                    wait_until(
                        lambda: connection.execute(waits, [primary.info.backend_pid]).fetchone() == (),
                        "the commit to wait",
                    )
                    assert ClientMediaItemHelper(standby).get_media_item_by_client_id(31, "sure") is None
                new = call.result(PATIENCE)

            assert ClientMediaItemHelper(standby).get_media_item_by_client_id(31, "sure") == new
        finally:
            connection.execute("alter system reset synchronous_standby_names")
            connection.execute("select pg_reload_conf()")


def test_the_feed_skips_nothing_while_a_transaction_is_open(
    pair: Pair, primary: Connection, standby: Connection
) -> None:
    follower = ClientMediaItemHelper(standby)
    last = follower.changes_since(0, 100_000)[-1].event_id
    with pair.primary.connect(DATABASE) as early:
        first = ClientMediaItemHelper(early).get_or_create_mapping(32, "plex", "early", "movie", "Early")
        second = ClientMediaItemHelper(primary).get_or_create_mapping(33, "plex", "late", "movie", "Later")
        pair.catch_up()
        assert follower.changes_since(last) == ClientMediaItemHelper(primary).changes_since(last) == []
        early.commit()
    pair.catch_up()

    assert {event.media_item_after for event in follower.changes_since(last)} == {first, second}
    assert follower.changes_since(last) == ClientMediaItemHelper(primary).changes_since(last)


def test_a_program_asks_the_standby_and_writes_to_the_primary(pair: Pair) -> None:
    hosts = ",".join(psycopg.conninfo.conninfo_to_dict(server.dsn)["host"] for server in (pair.primary, pair.standby))
    for wanted, in_recovery in (("prefer-standby", True), ("primary", False)):
        with psycopg.connect(host=hosts, dbname=DATABASE, user="webapp", target_session_attrs=wanted) as connection:
            assert connection.execute("select pg_is_in_recovery()").fetchone() == (in_recovery,)
            assert ClientMediaItemHelper(connection).get_media_item_by_client_id(1, "101") is not None


@pytest.mark.parametrize(
    "command",
    [
        ["lookup", "--client", 1, "101"],
        ["translate", "--from", 1, "--to", 2, "101"],
        ["duplicates"],
        ["search", "the"],
        ["show", 1],
        ["clients"],
        ["history", 1],
        ["review"],
        ["doctor"],
        ["status"],
        ["why", "--client", 1, "101"],
    ],
    ids=lambda command: command[0],
)
def test_commands_that_read_run(pair: Pair, tmp_path: Path, command: list[Any]) -> None:
    pair.catch_up()
    done, there = (
        run_pymap(*command, "--json", "--dsn", server.dsn_of(DATABASE), home=tmp_path)
        for server in (pair.standby, pair.primary)
    )

    assert (done.returncode, done.stdout, done.stderr) == (there.returncode, there.stdout, there.stderr)
    assert done.returncode in (0, 1)
    assert done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["sync", "--client", 1, "--type", "plex", LISTINGS / "plex-movies.json"],
        ["merge", "--yes", 1, 2],
        ["undo", 1],
    ],
    ids=lambda command: " ".join(str(word) for word in command[:2]),
)
def test_commands_that_write_end_with_one_line(pair: Pair, tmp_path: Path, command: list[Any]) -> None:
    done = run_pymap(*command, "--dsn", pair.standby.dsn_of(DATABASE), home=tmp_path)

    assert_one_line_of_error(done, "read-only transaction")


def test_a_standby_cannot_be_migrated(pair: Pair, tmp_path: Path) -> None:
    done = run_pymap("migrate", "--dsn", pair.standby.dsn_of(DATABASE), home=tmp_path)

    assert_one_line_of_error(done, "a standby can only be read")


def test_a_promoted_standby_goes_on(pair: Pair, primary: Connection) -> None:
    bookmark = ClientMediaItemHelper(primary).changes_since(0, 100_000)[-1].event_id
    with (
        new_standby(pair.programs, pair.primary, "promoted") as promoted,
        promoted.connect(DATABASE, autocommit=True) as connection,
    ):
        before = tables(connection)
        connection.execute("select pg_promote()")
        assert tables(connection) == before
        change(connection, "promoted")

        assert damage(connection) == []
        events = ClientMediaItemHelper(connection).changes_since(bookmark)
        assert {event.client_item_id for event in events} >= {"promoted a", "promoted e"}
        assert {row[0] for row in connection.execute("select distinct epoch from pymap.mapping_events")} == {0}
