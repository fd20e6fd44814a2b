"""The change feed: a follower sees every event that was committed, once, in an order that it can replay."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.conftest import Server
from tests.scale import SCALE, searches
from tests.sessions import (
    READ_COMMITTED,
    REPEATABLE_READ,
    Connection,
    Stage,
    batch,
    execute,
    imdb,
    mutate,
    remove_client,
    session,
    single,
    transaction,
    unlink,
)

Key = tuple[int, str, str]
Change = tuple[int, str, Key, int | None, int | None]

CHANGES = """
select event_id, kind, (client_id, client_item_id, media_type), media_item_before, media_item_after
from pymap.changes_since(%s, %s)
"""


@pytest.fixture(scope="module")
def database(server: Server, template: str) -> Iterator[str]:
    with server.database(template) as dsn:
        yield dsn


@pytest.fixture
def dsn(database: str) -> str:
    """An empty database, without events."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("truncate pymap.media_items restart identity")
        connection.execute("truncate pymap.mapping_events restart identity")
    return database


@pytest.fixture
def scratch(server: Server, template: str) -> Iterator[str]:
    """A database of its own, for a test that changes functions."""
    with server.database(template) as dsn:
        yield dsn


# Followers


class Follower:
    """Reads the feed and makes the mappings of it."""

    def __init__(self, dsn: str, cursor: int = 0, limit: int = 1000) -> None:
        self.dsn = dsn
        self.cursor = cursor
        self.limit = limit
        self.seen: list[int] = []
        self.mappings: dict[Key, int] = {}

    def read(self, connection: Connection) -> bool:
        """Take the next events; false if there were none."""
        changes: list[Change] = connection.execute(CHANGES, [self.cursor, self.limit]).fetchall()
        assert len(changes) <= self.limit
        for event_id, kind, (client_id, client_item_id, media_type), before, after in changes:
            self.seen.append(event_id)
            self.cursor = event_id
            if kind in ("mapped", "moved", "unmapped"):
                key = int(client_id), client_item_id, media_type
                assert self.mappings.pop(key, None) == before
                if after is not None:
                    self.mappings[key] = after
        return bool(changes)

    def read_all(self) -> list[int]:
        """What there is once no older transaction runs on the server: autovacuum has some."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            (now,) = connection.execute("select pg_current_xact_id()").fetchone() or (None,)
            patiently(connection, "select pg_snapshot_xmin(pg_current_snapshot()) > %s", now)
            while self.read(connection):
                pass
        return self.seen


def patiently(connection: Connection, condition: str, *parameters: Any, seconds: int = 20) -> None:
    deadline = time.monotonic() + seconds
    while not execute(condition, *parameters)(connection):
        assert time.monotonic() < deadline, condition
        time.sleep(0.01)


def committed_events(dsn: str) -> list[int]:
    with session(dsn) as connection:
        return [row[0] for row in connection.execute("select id from pymap.mapping_events order by id").fetchall()]


def stored_mappings(dsn: str) -> dict[Key, int]:
    with session(dsn) as connection:
        rows = connection.execute("select client_id, client_item_id, media_type, media_item_id from pymap.client_items")
        return {(client_id, item_id, media_type): found for client_id, item_id, media_type, found in rows}


def assert_saw_everything(follower: Follower) -> None:
    assert len(follower.seen) == len(set(follower.seen))
    assert sorted(follower.seen) == committed_events(follower.dsn)
    assert follower.mappings == stored_mappings(follower.dsn)


# Writers at once, and one who follows

WRITERS = 6


def write(dsn: str, number: int) -> None:
    """Transactions of one to three changes, held open for a while; some are rolled back."""
    dice = random.Random(number)

    def change(connection: Connection) -> None:
        client_id, key = dice.randint(1, 3), dice.randint(1, 12)
        keys = {str(one): imdb(one) for one in dice.sample(range(1, 13), 4)}
        calls: list[Callable[[Connection], Any]] = [
            single(client_id, str(key), imdb(key)),
            batch(client_id, keys),
            unlink(client_id, str(key)),
            execute("select pymap.link_client_item(%s, %s, 'plex', %s)", dice.randint(1, 12), client_id, str(key)),
        ]
        dice.choice(calls)(connection)
        time.sleep(dice.random() * 0.02)

    def work(connection: Connection) -> None:
        for _ in range(dice.randint(1, 3)):
            change(connection)

    with session(dsn, REPEATABLE_READ if number % 2 else READ_COMMITTED) as connection:
        for _ in range(40 * SCALE):
            try:
                transaction(connection, work, roll_back=dice.random() < 0.25)
            except (psycopg.errors.DeadlockDetected, psycopg.errors.NoDataFound):
                continue
            except psycopg.Error as error:
                if error.sqlstate != "PM001":
                    raise


def follow(follower: Follower, writers: list[Future[None]]) -> None:
    """Read whenever the channel says that there is more, until nobody writes."""
    with psycopg.connect(follower.dsn, autocommit=True) as connection:
        connection.execute("select pymap.listen()")
        while not all(writer.done() for writer in writers):
            list(connection.notifies(timeout=0.5, stop_after=1))
            while follower.read(connection):
                pass
    follower.read_all()


def many_writers(dsn: str) -> list[int]:
    """Return the events in the order in which they were seen."""
    followers = [Follower(dsn, limit=limit) for limit in (3, 50)]
    with ThreadPoolExecutor(WRITERS + len(followers)) as threads:
        writers = [threads.submit(write, dsn, number) for number in range(WRITERS)]
        following = [threads.submit(follow, follower, writers) for follower in followers]
        for future in [*writers, *following]:
            future.result()
    for follower in followers:
        assert_saw_everything(follower)
    assert followers[0].seen == followers[1].seen
    return followers[0].seen


@searches
def test_followers_see_every_event_of_many_writers_once_and_in_order(dsn: str) -> None:
    assert len(many_writers(dsn)) > 50


# The gap: what was numbered first commits last


def gap(dsn: str, *, older_first: bool, roll_back: bool = False) -> None:
    """A's transaction is older or younger than B's; its event has a lower ID than B's, and it commits after B."""
    follower = Follower(dsn)
    with Stage(dsn) as stage, session(dsn) as reader:
        reader.autocommit = True
        for name in "AB" if older_first else "BA":
            stage[name].execute("select pg_current_xact_id()")
        single(1, "a")(stage["A"])
        single(2, "b")(stage["B"])
        stage["B"].commit()
        follower.read(reader)
        stage["A"].rollback() if roll_back else stage["A"].commit()
        while follower.read(reader):
            pass
    follower.read_all()
    assert_saw_everything(follower)
    assert follower.mappings.keys() == {(2, "b", "movie"), *([] if roll_back else [(1, "a", "movie")])}
    if not roll_back:
        assert (follower.seen == sorted(follower.seen)) == older_first


@pytest.mark.parametrize("roll_back", [False, True], ids=["commit", "rollback"])
@pytest.mark.parametrize("older_first", [True, False], ids=["lower number", "higher number"])
def test_an_event_that_commits_after_one_with_a_higher_id_is_not_skipped(
    dsn: str, older_first: bool, roll_back: bool
) -> None:
    gap(dsn, older_first=older_first, roll_back=roll_back)


PAUSE = """
create function public.pause() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(4711) where new.client_id = 4;
    return new;
end
$$;
create trigger pause before insert on pymap.mapping_events for each row execute function public.pause();
"""


def end_while_another_one_writes(dsn: str, seconds: int = 20) -> None:
    """B is younger than A and ends before A writes its event; then nothing else happens on the server."""
    with Stage(dsn) as stage, session(dsn) as reader:
        reader.autocommit = True
        stage["A"].execute("select pg_current_xact_id()")
        stage["B"].execute("select pg_current_xact_id()")
        stage["B"].rollback()
        # Without a subtransaction, whose number would be newer still.
        stage["A"].execute(
            """
            insert into pymap.media_items (type, sync_clients)
            values ('movie', '[{"clientId": 1, "clientType": "plex", "itemId": "a"}]')
            """
        )
        stage["A"].commit()
        patiently(reader, "select count(*) = 1 from pymap.changes_since(0)", seconds=seconds)


def test_an_event_is_readable_though_no_other_transaction_begins(scratch: str) -> None:
    end_while_another_one_writes(scratch)


def write_between_two_events_of_a_statement(dsn: str) -> None:
    """B is at its first event while A, with a higher transaction number, writes one; A's ID lies between B's two."""
    follower = Follower(dsn)
    with Stage(dsn) as stage, session(dsn) as reader:
        reader.autocommit = True
        reader.execute(PAUSE)
        stage["lock"].execute("select pg_advisory_lock(4711)")
        of_b = stage.start("B", batch(4, {"a": [], "b": []}), waits_for="lock")
        fill(dsn, "between")
        single(2, "a")(stage["A"])
        stage["lock"].execute("select pg_advisory_unlock(4711)")
        of_b.result()
        stage["B"].commit()
        oldest = execute("select pg_current_xact_id()")(stage["A"])
        patiently(reader, "select pg_snapshot_xmin(pg_current_snapshot()) = %s", oldest)
        while follower.read(reader):
            pass
        stage["A"].commit()
        reader.execute("drop function public.pause() cascade")
    follower.read_all()
    assert_saw_everything(follower)
    assert follower.seen != sorted(follower.seen)


def test_an_event_whose_id_lies_between_two_of_an_older_statement_is_not_skipped(scratch: str) -> None:
    write_between_two_events_of_a_statement(scratch)


def change_what_a_younger_transaction_changed(dsn: str) -> None:
    """A began to write before B did, but changes what B has changed and committed."""
    fill(dsn, "a")
    with Stage(dsn) as stage:
        single(2, "b")(stage["A"])
        unlink(1, "a")(stage["B"])
        stage["B"].commit()
        single(1, "a")(stage["A"])
        stage["A"].commit()
    follower = Follower(dsn, limit=1)
    follower.read_all()
    assert_saw_everything(follower)


def test_changes_of_one_mapping_come_in_the_order_in_which_they_happened(dsn: str) -> None:
    change_what_a_younger_transaction_changed(dsn)


def map_what_came_and_went_after_the_snapshot(dsn: str) -> None:
    """A's snapshot knows nothing of the mapping that B made and took away again before A makes it."""
    fill(dsn, "b")
    with Stage(dsn, REPEATABLE_READ) as stage:
        single(1, "c")(stage["A"])
        single(1, "a")(stage["B"])
        stage["B"].commit()
        unlink(1, "a")(stage["B"])
        stage["B"].commit()
        single(1, "a")(stage["A"])
        stage["A"].commit()
    follower = Follower(dsn, limit=1)
    follower.read_all()
    assert_saw_everything(follower)


def test_what_a_snapshot_does_not_show_comes_before_what_was_written_after_it(dsn: str) -> None:
    map_what_came_and_went_after_the_snapshot(dsn)


def test_what_a_transaction_wrote_itself_is_not_handed_out_before_it_commits(dsn: str) -> None:
    with session(dsn) as connection:
        single(1, "a")(connection)
        assert connection.execute(CHANGES, [0, 10]).fetchall() == []
        connection.commit()
    assert Follower(dsn).read_all() == committed_events(dsn) != []


def test_a_follower_that_holds_its_snapshot_sees_no_more_and_skips_nothing(dsn: str) -> None:
    follower = Follower(dsn)
    with session(dsn) as writer, session(dsn, REPEATABLE_READ) as reader:
        transaction(writer, single(1, "a"))
        follower.read_all()
        reader.execute("select")
        transaction(writer, single(1, "b"))
        assert not follower.read(reader)
        reader.rollback()
    follower.read_all()
    assert_saw_everything(follower)


# Restored from another cluster


def transplant(dsn: str, ahead: int = 1000000000) -> None:
    """What dump and restore leave: the transaction numbers of another cluster, beyond those of this one."""
    with session(dsn) as connection:
        connection.execute(
            """
            update pymap.mapping_events
            set system_identifier = system_identifier + 1,
                position = (position::text::bigint + %(ahead)s)::text::xid8,
                xid = (xid::text::bigint + %(ahead)s)::text::xid8
            """,
            {"ahead": ahead},
        )
        connection.commit()


def fill(dsn: str, *keys: str) -> None:
    with session(dsn) as connection:
        for key in keys:
            transaction(connection, single(1, key))


def follow_over_restores(dsn: str) -> None:
    old = Follower(dsn, limit=2)
    fill(dsn, "a", "b", "c")
    with psycopg.connect(dsn, autocommit=True) as connection:
        patiently(connection, "select count(*) = 3 from pymap.changes_since(0)")
        old.read(connection)
    assert len(old.seen) == 2
    for keys in (("d", "e"), ("f", "g", "h")):
        transplant(dsn)
        fill(dsn, *keys)
        for follower in (old, Follower(dsn, limit=1), Follower(dsn)):
            follower.read_all()
            assert_saw_everything(follower)


def test_what_was_restored_from_another_cluster_comes_before_what_is_new(dsn: str) -> None:
    follow_over_restores(dsn)


def test_nothing_is_skipped_when_the_counter_passes_what_was_restored(dsn: str) -> None:
    fill(dsn, "a")
    transplant(dsn, ahead=10)
    follower = Follower(dsn)
    with Stage(dsn) as stage, session(dsn) as reader:
        reader.autocommit = True
        single(1, "b")(stage["A"])
        for _ in range(20):
            reader.execute("select pg_current_xact_id()")
        single(1, "c")(stage["B"])
        stage["A"].commit()
        while follower.read(reader):
            pass
        stage["B"].commit()
    follower.read_all()
    assert_saw_everything(follower)


def test_what_was_restored_is_readable_before_anything_new_is_written(dsn: str) -> None:
    fill(dsn, "a", "b")
    transplant(dsn)
    follower = Follower(dsn)
    follower.read_all()
    assert_saw_everything(follower)


def test_a_merge_can_be_undone_after_a_restore(dsn: str) -> None:
    with session(dsn) as connection:
        one, other = (transaction(connection, single(*key)) for key in ((1, "a"), (2, "b")))
        event_id = transaction(connection, execute("select pymap.merge_media_items(%s, %s)", one, other))
        before = stored_mappings(dsn)
        transplant(dsn)
        transaction(connection, execute("select pymap.undo(%s)", event_id))
    assert stored_mappings(dsn) == before | {(2, "b", "movie"): other}
    follower = Follower(dsn)
    follower.read_all()
    assert_saw_everything(follower)


# Wake-ups


class Listener:
    def __init__(self, connection: Connection, *tenant_ids: int) -> None:
        self.connection = connection
        self.payloads: list[str] = []
        connection.add_notify_handler(lambda notification: self.payloads.append(notification.payload))
        for tenant_id in tenant_ids:
            connection.execute("select pymap.listen(%s)", [tenant_id])

    def heard(self) -> list[str]:
        """What came since the last time. Notifications come in the order of commits: none that comes late is missed."""
        self.connection.execute("notify pymap_events, 'end'")
        heard, self.payloads = self.payloads, []
        assert heard.pop() == "end"
        return heard


@pytest.fixture
def listener(dsn: str) -> Iterator[Listener]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield Listener(connection, 0, 3, 7)


CALLS: dict[str, Callable[[Connection], Any]] = {
    "get_or_create_mapping": single(1, "b"),
    "get_or_create_mappings": batch(1, {"b": []}),
    "unlink_client_item": unlink(1, "a"),
    "remove_client": remove_client(1),
    "mark_distinct": execute("select pymap.mark_distinct(1, 2)"),
    "merge_media_items": execute("select pymap.merge_media_items(1, 2)"),
    "update": execute("update pymap.media_items set sync_clients = '[]' where id = 1 returning id"),
    "delete": execute("delete from pymap.media_items where id = 1 returning id"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_whatever_changes_wakes_up_who_listens_when_it_commits(
    dsn: str, listener: Listener, call: Callable[[Connection], Any]
) -> None:
    with session(dsn) as connection:
        transaction(connection, single(1, "a"))
        transaction(connection, single(2, "c"))
        assert listener.heard() == ["0", "0"]
        call(connection)
        assert listener.heard() == []
        connection.commit()
        assert listener.heard() == ["0"]


def test_the_payload_is_the_tenant_whose_events_they_are(dsn: str, listener: Listener) -> None:
    with session(dsn) as connection:
        for tenant_id in (7, 3):
            connection.execute(
                "select pymap.get_or_create_mapping(1, 'plex', 'a', 'movie', 'A film', p_tenant_id => %s)", [tenant_id]
            )
        connection.commit()
        assert sorted(listener.heard()) == ["3", "7"]
        connection.execute("delete from pymap.media_items where tenant_id = 7")
        connection.commit()
        assert listener.heard() == ["7"]


@pytest.mark.parametrize("ending", ["rollback", "nothing changed"])
def test_nobody_is_woken_up_for_nothing(dsn: str, listener: Listener, ending: str) -> None:
    with session(dsn) as connection:
        transaction(connection, single(1, "a"))
        listener.heard()
        single(1, "a" if ending == "nothing changed" else "b")(connection)
        connection.rollback() if ending == "rollback" else connection.commit()
    assert listener.heard() == []
    assert len(committed_events(dsn)) == 1


def test_who_listens_to_one_tenant_makes_no_other_tenant_notify(dsn: str) -> None:
    """NOTIFY makes transactions commit one after the other: only those pay who are listened to."""
    with psycopg.connect(dsn, autocommit=True) as connection, session(dsn) as writer:
        one = Listener(connection, 7)
        transaction(writer, single(1, "a"))
        assert one.heard() == []
        connection.execute("select pymap.listen()")
        transaction(writer, single(1, "b"))
        assert one.heard() == ["0"]


def test_who_listens_no_more_is_not_waited_for_and_not_notified(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection, session(dsn) as writer:
        with psycopg.connect(dsn, autocommit=True) as gone:
            Listener(gone, 0)
        patiently(connection, "select count(*) = 0 from pg_locks where locktype = 'advisory'")
        late = Listener(connection)
        connection.execute("listen pymap_events")
        transaction(writer, single(1, "a"))
        assert late.heard() == []


# Cursors


def test_a_cursor_whose_event_was_deleted_is_refused_and_not_begun_anew(dsn: str) -> None:
    follower = Follower(dsn, limit=1)
    fill(dsn, "a", "b", "c")
    follower.read_all()
    with session(dsn) as connection:
        connection.execute("delete from pymap.mapping_events where id < %s", [follower.cursor])
        connection.commit()
        assert not follower.read(connection)
        for gone in (follower.seen[0], max(follower.seen) + 1, -1, None):
            with pytest.raises(psycopg.errors.InvalidParameterValue):
                connection.execute(CHANGES, [gone, 10])
            connection.rollback()
    fill(dsn, "d")
    follower.read_all()
    assert follower.mappings == stored_mappings(dsn)


def test_a_tenant_has_a_feed_of_its_own(dsn: str) -> None:
    with session(dsn) as connection:
        transaction(connection, single(1, "a"))
        connection.execute("select pymap.get_or_create_mapping(1, 'plex', 'a', 'movie', 'A film', p_tenant_id => 7)")
        connection.commit()
        patiently(connection, "select count(*) = 1 from pymap.changes_since(0, 10, 7)")
        (event_id,) = connection.execute("select event_id from pymap.changes_since(0, 10, 7)").fetchone() or (None,)
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            connection.execute(CHANGES, [event_id, 10])


# What was tried and rejected: these tests notice it


def by_id_alone(dsn: str) -> None:
    """A feed that takes what it sees, in the order of IDs."""
    mutate(dsn, "changes_since", "(o.epoch, o.position, o.id) >", ")", "o.id > coalesce(p_event_id, 0")
    mutate(dsn, "changes_since", "order by o.epoch, o.position,", "o.id", "order by o.id")
    mutate(dsn, "changes_since", "over (order by e.epoch,", "e.id", "over (order by e.id")
    mutate(dsn, "changes_since", "where w.is_settled", "order by w.epoch, w.position, w.id", "order by w.id")


def by_transaction(dsn: str) -> None:
    """A feed in the order in which transactions began."""
    mutate(dsn, "_event_position", "return greatest(", ";", "return pg_current_xact_id();")


def by_what_has_not_begun(dsn: str) -> None:
    """A feed whose events can have the number of a transaction that is yet to come."""
    mutate(dsn, "_event_position", "::text::bigint - 1)", "::xid8", "::text::bigint)::text::xid8")


def by_snapshot(dsn: str) -> None:
    """A feed in the order of snapshots, which are old at other levels than READ COMMITTED."""
    mutate(dsn, "_event_position", "not in ('repeatable read'", ")", "<> ''")


def without_horizon(dsn: str) -> None:
    mutate(dsn, "changes_since", "where w.is_settled", "order", "order")


def by_id_within_the_horizon(dsn: str) -> None:
    """A feed that waits for older transactions, but goes on from the highest ID."""
    mutate(dsn, "changes_since", "(o.epoch, o.position, o.id) >", ")", "o.id > coalesce(p_event_id, 0")
    mutate(dsn, "changes_since", "order by o.epoch, o.position,", "o.id", "order by o.id")


def without_epochs(dsn: str) -> None:
    mutate(dsn, "_open_events", "epoch := coalesce(", ";", "epoch := 0;")


Scenario = Callable[[str], object]
MUTANTS: list[tuple[Callable[[str], None], Scenario]] = [
    (by_id_alone, lambda dsn: gap(dsn, older_first=True)),
    (by_id_alone, lambda dsn: gap(dsn, older_first=False)),
    (without_horizon, lambda dsn: gap(dsn, older_first=True)),
    (without_horizon, many_writers),
    (by_id_within_the_horizon, write_between_two_events_of_a_statement),
    (by_transaction, change_what_a_younger_transaction_changed),
    # At once: autovacuum is a transaction as well.
    (by_what_has_not_begun, lambda dsn: end_while_another_one_writes(dsn, seconds=0)),
    (by_snapshot, map_what_came_and_went_after_the_snapshot),
    (without_epochs, follow_over_restores),
]


@pytest.mark.parametrize(("mutant", "scenario"), MUTANTS, ids=[mutant.__name__ for mutant, _ in MUTANTS])
def test_the_suite_notices_a_rejected_feed(scratch: str, mutant: Callable[[str], None], scenario: Scenario) -> None:
    mutant(scratch)
    with pytest.raises(AssertionError):
        scenario(scratch)
