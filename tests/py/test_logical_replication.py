"""A subscriber of logical replication: it holds what the publisher holds, and every look-up returns the same.

make test-servers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from pymap import ClientMediaItemHelper
from pymap.migrations import migrate
from tests.clusters import Programs, new_cluster, wait_until
from tests.command_line import run_pymap
from tests.conftest import Server
from tests.replicas import READS, Connection, change, damage, fill, read, statements, table_names, tables

pytestmark = pytest.mark.servers


@dataclass(frozen=True)
class Replication:
    """A publisher and a database that subscribes to it, on a server of its own."""

    publisher: Server
    subscriber: Server
    database: str

    def to_publisher(self, **options: Any) -> Connection:
        return self.publisher.connect(self.database, autocommit=True, **options)

    def to_subscriber(self, **options: Any) -> Connection:
        return self.subscriber.connect(self.database, autocommit=True, **options)

    def catch_up(self) -> None:
        """Wait until the subscriber has everything that the publisher has committed so far."""
        with self.to_publisher() as connection:
            position = connection.execute("select pg_current_wal_insert_lsn()").fetchone()
            assert position is not None
            query = """
                select count(*), bool_and(r.state = 'streaming' and r.replay_lsn >= %s)
                from pg_stat_replication as r join pg_replication_slots as s on s.active_pid = r.pid
                where s.database = current_database()
                """
            wait_until(lambda: connection.execute(query, position).fetchone() == (1, True), "the subscriber to apply")


@pytest.fixture(scope="module")
def servers(server: Server) -> Iterator[tuple[Server, Server]]:
    programs = Programs.of(server)
    with new_cluster(programs, wal_level="logical") as publisher, new_cluster(programs) as subscriber:
        yield publisher, subscriber


def replicate(servers: tuple[Server, Server], database: str, publish: list[str], prepare: list[str]) -> Replication:
    """Publish a database that has a past, and subscribe to it with the statements of the guide."""
    replication = Replication(*servers, database)
    for server in servers:
        with server.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(database)))
        migrate(server.dsn_of(database))
    with replication.to_publisher() as connection:
        fill(connection)
        if not connection.execute("select to_regrole('replicator')").fetchone()[0]:
            connection.execute(statements("create role replicator")[0].encode())
        for statement in publish:
            connection.execute(statement.encode())
    with replication.to_subscriber() as connection:
        for statement in prepare:
            connection.execute(statement.encode())
        subscribe(connection, replication.publisher.dsn_of(database))
    return replication


def subscribe(connection: Connection, publisher: str) -> None:
    dsn = psycopg.conninfo.make_conninfo(publisher, user="replicator")
    (statement,) = statements("create subscription")
    statement = re.sub("'[^']*'", sql.quote(dsn), statement, count=1)
    # The slots of a server have names of their own.
    connection.execute(f"{statement} with (slot_name = '{connection.info.dbname}')".encode())
    wait_until(
        lambda: connection.execute("select bool_and(srsubstate = 'r') from pg_subscription_rel").fetchone() == (True,),
        "the initial copy",
    )


def unsubscribe(replication: Replication) -> None:
    with replication.to_subscriber() as connection:
        connection.execute("drop subscription if exists pymap")


@pytest.fixture(scope="module")
def replication(servers: tuple[Server, Server]) -> Iterator[Replication]:
    replication = replicate(servers, "media", publish=statements("for table\n"), prepare=[])
    yield replication
    unsubscribe(replication)


@pytest.fixture
def publisher(replication: Replication) -> Iterator[Connection]:
    with replication.to_publisher() as connection:
        yield connection


@pytest.fixture
def subscriber(replication: Replication) -> Iterator[Connection]:
    replication.catch_up()
    with replication.to_subscriber() as connection:
        yield connection


def assert_equal(publisher: Connection, subscriber: Connection) -> None:
    here, there = tables(subscriber), tables(publisher)
    # Every database has its own.
    for rows in (here, there):
        del rows["locks"]
    assert here == there
    assert damage(subscriber) == []


def test_the_initial_copy_is_complete(publisher: Connection, subscriber: Connection) -> None:
    assert_equal(publisher, subscriber)
    assert all(rows for table, rows in tables(subscriber).items() if table != "review_candidates")


def test_everything_that_happens_later_arrives(
    replication: Replication, publisher: Connection, subscriber: Connection
) -> None:
    before = tables(subscriber)
    change(publisher, "later")
    replication.catch_up()

    assert_equal(publisher, subscriber)
    after = tables(subscriber)
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"media_items", "client_items", "clients", "external_ids", "distinct_pairs", "mapping_events"}


def test_every_transaction_arrives_whole(
    replication: Replication, publisher: Connection, subscriber: Connection
) -> None:
    ClientMediaItemHelper(publisher).sync(40, "plex", [{"itemId": "1", "type": "movie", "title": "Whole"}])
    with publisher.transaction():
        helper = ClientMediaItemHelper(publisher)
        helper.sync(40, "plex", [{"itemId": "2", "type": "movie", "title": "Other"}], allow_removals=True)
        assert ClientMediaItemHelper(subscriber).sync_clients_list(40).keys() <= {"1"}
    replication.catch_up()

    assert ClientMediaItemHelper(subscriber).sync_clients_list(40) == ClientMediaItemHelper(
        publisher
    ).sync_clients_list(40)
    assert ClientMediaItemHelper(subscriber).sync_clients_list(40).keys() == {"2"}


@pytest.mark.parametrize("function", READS)
def test_what_reads_returns_what_it_does_on_the_publisher(
    publisher: Connection, subscriber: Connection, function: str
) -> None:
    assert read(subscriber, function) == read(publisher, function)


def test_the_doctor_finds_nothing(replication: Replication, subscriber: Connection, tmp_path: Path) -> None:
    done = run_pymap("doctor", "--dsn", replication.subscriber.dsn_of(replication.database), home=tmp_path)

    assert done.returncode == 0
    assert "0 errors" in done.stdout


def test_truncate_arrives(replication: Replication, servers: tuple[Server, Server]) -> None:
    with replication.to_publisher() as publisher, replication.to_subscriber() as subscriber:
        publisher.execute("begin")
        publisher.execute("create table public.kept as table pymap.media_items")
        publisher.execute("truncate pymap.media_items")
        publisher.execute("commit")
        replication.catch_up()

        assert subscriber.execute("select count(*) from pymap.client_items").fetchone() == (0,)
        assert_equal(publisher, subscriber)

        publisher.execute("insert into pymap.media_items select * from public.kept order by merged_into nulls first")
        publisher.execute("drop table public.kept")
        replication.catch_up()
        assert_equal(publisher, subscriber)


def test_every_table_has_a_replica_identity(publisher: Connection) -> None:
    without = publisher.execute(
        """
        select c.relname from pg_class as c
        where c.relnamespace = 'pymap'::regnamespace and c.relkind = 'r'
          and (
              c.relreplident <> 'd'
              or not exists (select from pg_index as x where x.indrelid = c.oid and x.indisprimary)
          )
        """
    )
    assert without.fetchall() == []


def test_the_guide_publishes_every_table_but_those_that_each_database_fills_itself(publisher: Connection) -> None:
    published = {
        name for (name,) in publisher.execute("select tablename from pg_publication_tables where pubname = 'pymap'")
    }

    assert set(table_names(publisher)) - published == {"locks", "match_weights", "media_types"}


def test_no_trigger_fires_where_changes_are_applied(subscriber: Connection) -> None:
    """Otherwise the rows that the publisher's triggers wrote, and sends, would be written twice."""
    always = subscriber.execute(
        """
        select tgname from pg_trigger
        where tgrelid = 'pymap.media_items'::regclass and not tgisinternal and tgenabled <> 'O'
        """
    )
    assert always.fetchall() == []


def test_a_reader_cannot_write_on_the_subscriber(subscriber: Connection) -> None:
    subscriber.execute("set role pymap_reader")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        subscriber.execute("select pymap.get_or_create_mapping(1, 'plex', 'x', 'movie', 'X')")


def test_every_table_of_the_schema_can_be_published(servers: tuple[Server, Server]) -> None:
    replication = replicate(
        servers, "whole", publish=statements("for tables in schema"), prepare=statements("truncate pymap.media_types")
    )
    try:
        with replication.to_publisher() as publisher, replication.to_subscriber() as subscriber:
            publisher.execute("insert into pymap.media_types (name) values ('board_game')")
            change(publisher, "whole")
            ClientMediaItemHelper(publisher).get_or_create_mapping(1, "plex", "p", "board_game", "P")
            replication.catch_up()
            assert tables(subscriber) == tables(publisher)
            assert damage(subscriber) == []
            assert ClientMediaItemHelper(subscriber).sync_clients_list(1, "board_game").keys() == {"p"}
    finally:
        unsubscribe(replication)


def test_a_migration_of_either_side_disturbs_nothing(replication: Replication, publisher: Connection) -> None:
    for server in (replication.subscriber, replication.publisher, replication.subscriber):
        migrate(server.dsn_of(replication.database))
    change(publisher, "migrated")
    replication.catch_up()
    with replication.to_subscriber() as subscriber:
        assert_equal(publisher, subscriber)


def test_a_subscriber_that_takes_over_needs_its_sequences_set(servers: tuple[Server, Server]) -> None:
    replication = replicate(servers, "takeover", publish=statements("for table\n"), prepare=[])
    replication.catch_up()
    unsubscribe(replication)
    with replication.to_subscriber() as connection:
        helper = ClientMediaItemHelper(connection)
        bookmark = helper.changes_since(0, 100_000)[-1].event_id
        with pytest.raises(psycopg.errors.UniqueViolation):
            helper.get_or_create_mapping(50, "plex", "new", "movie", "New here")

        for statement in statements("setval"):
            connection.execute(statement.encode())

        new = helper.get_or_create_mapping(50, "plex", "new", "movie", "New here")
        change(connection, "takeover")
        assert damage(connection) == []
        (first, *_) = helper.changes_since(bookmark)
        assert (first.media_item_after, first.client_item_id) == (new, "new")
        # Another cluster: a new epoch, so that old and new events keep their order.
        assert connection.execute("select max(epoch) from pymap.mapping_events").fetchone() == (1,)
