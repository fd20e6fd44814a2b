"""Many sessions that fix identity, sync and map at once: one valid state, and whoever waited got it right."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.conftest import Server
from tests.py.test_sync_faults import Item, Work, assert_sound, contents, emptied, episodes, film, item, run, sync
from tests.scale import SCALE, searches
from tests.sessions import (
    COMMIT,
    READ_COMMITTED,
    Connection,
    Stage,
    batch,
    execute,
    imdb,
    mutate,
    session,
    single,
    together,
    transaction,
    unlink,
)

#: What may come of calls that race: nothing to undo, no such media item, no sense in it, taken, try again.
ANSWERS = {"PM005", "P0002", "22023", "PM001", "40001"}


@pytest.fixture(scope="module")
def database(server: Server, template: str) -> Iterator[str]:
    with server.database(template) as dsn:
        yield dsn


@pytest.fixture
def dsn(database: str) -> str:
    """An empty database."""
    return emptied(database)


@pytest.fixture
def scratch(server: Server, template: str) -> Iterator[str]:
    """A database of its own, for a test that changes functions."""
    with server.database(template) as dsn:
        yield dsn


def merge(keep_id: int, duplicate_id: int) -> Work:
    return execute("select pymap.merge_media_items(%s, %s)", keep_id, duplicate_id)


def split(media_item_id: int, *keys: tuple[int, str]) -> Work:
    mappings = [{"clientId": client_id, "itemId": item_id} for client_id, item_id in keys]
    return execute("select pymap.split_media_item(%s, %s)", media_item_id, Jsonb(mappings))


def mark_distinct(one_id: int, other_id: int) -> Work:
    return execute("select pymap.mark_distinct(%s, %s)", one_id, other_id)


def undo(event_id: int) -> Work:
    return execute("select pymap.undo(%s)", event_id)


def link(media_item_id: int, client_id: int, key: str) -> Work:
    return execute("select pymap.link_client_item(%s, %s, 'plex', %s)", media_item_id, client_id, key)


def resolved(dsn: str, *media_item_ids: int) -> list[int]:
    with session(dsn) as connection:
        return [execute("select pymap.resolve_media_item(%s)", one)(connection) for one in media_item_ids]


def keys_of(dsn: str, media_item_id: int) -> set[tuple[int, str]]:
    with session(dsn) as connection:
        rows = connection.execute(
            "select client_id, client_item_id from pymap.get_client_item_ids(%s)", [media_item_id]
        )
        return set(rows.fetchall())


def assert_valid(dsn: str) -> None:
    assert_sound(dsn)
    with session(dsn) as connection:
        found = connection.execute("select * from pymap.check_integrity() where severity = 'error'").fetchall()
        assert found == []


def two_films(dsn: str) -> tuple[int, int]:
    with session(dsn) as connection:
        one, other = (transaction(connection, single(*key)) for key in ((1, "a"), (2, "b")))
        return one, other


# Two sessions, two media items


def both_directions(dsn: str, *, commit: bool) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        assert merge(one, other)(stage["A"])
        of_b = stage.start("B", merge(other, one), waits_for="A")
        stage["A"].commit() if commit else stage["A"].rollback()
        assert (of_b.result() is None) == commit
        stage["B"].commit()
    kept = one if commit else other
    assert resolved(dsn, one, other) == [kept, kept]
    assert keys_of(dsn, kept) == {(1, "a"), (2, "b")}
    assert_valid(dsn)


@COMMIT
def test_merges_in_both_directions_end_in_one_valid_state(dsn: str, commit: bool) -> None:
    both_directions(dsn, commit=commit)


def test_merges_in_a_circle_end_in_one_media_item_without_chains(dsn: str) -> None:
    keys = [(client_id, str(client_id)) for client_id in range(1, 9)]
    with session(dsn) as connection:
        ids = [transaction(connection, single(*key)) for key in keys]
    together(dsn, READ_COMMITTED, lambda connection, n: transaction(connection, merge(ids[n], ids[(n + 1) % 8])))
    assert len(set(resolved(dsn, *ids))) == 1
    assert keys_of(dsn, ids[0]) == set(keys)
    assert_valid(dsn)


def mark_while_somebody_merges(dsn: str) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        mark_distinct(one, other)(stage["A"])
        of_b = stage.start("B", merge(one, other), waits_for="A")
        stage["A"].commit()
        with pytest.raises(psycopg.Error) as error:
            of_b.result()
        assert error.value.sqlstate == "PM005"
    assert resolved(dsn, one, other) == [one, other]


def test_a_merge_sees_that_the_two_were_marked_distinct_while_it_waited(dsn: str) -> None:
    mark_while_somebody_merges(dsn)


def retype_while_somebody_merges(dsn: str) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        execute("update pymap.media_items set type = 'series' where id = %s returning 1", other)(stage["A"])
        of_b = stage.start("B", merge(one, other), waits_for="A")
        stage["A"].commit()
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            of_b.result()
        stage["B"].rollback()
    assert resolved(dsn, one, other) == [one, other]
    assert_valid(dsn)


def test_a_merge_sees_what_became_of_the_two_while_it_waited(dsn: str) -> None:
    retype_while_somebody_merges(dsn)


def delete_while_somebody_marks(dsn: str) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        execute("delete from pymap.media_items where id = %s returning 1", other)(stage["A"])
        of_b = stage.start("B", mark_distinct(one, other), waits_for="A")
        stage["A"].commit()
        with pytest.raises(psycopg.errors.NoDataFound):
            of_b.result()
        stage["B"].rollback()
    assert_valid(dsn)


def test_a_media_item_that_is_being_deleted_gets_no_distinct_pair(dsn: str) -> None:
    delete_while_somebody_marks(dsn)


def undo_twice(dsn: str) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        event_id = merge(one, other)(stage["A"])
        stage["A"].commit()
        undo(event_id)(stage["A"])
        of_b = stage.start("B", undo(event_id), waits_for="A")
        stage["A"].commit()
        with pytest.raises(psycopg.Error) as error:
            of_b.result()
        assert error.value.sqlstate == "PM005"
    assert_valid(dsn)


def test_an_event_is_undone_once(dsn: str) -> None:
    undo_twice(dsn)


@COMMIT
def test_undo_of_a_merge_waits_for_who_maps_to_the_media_item_and_keeps_the_mapping(dsn: str, commit: bool) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        event_id = merge(one, other)(stage["A"])
        stage["A"].commit()
        link(other, 3, "new")(stage["A"])
        of_b = stage.start("B", undo(event_id), waits_for="A")
        stage["A"].commit() if commit else stage["A"].rollback()
        of_b.result()
        stage["B"].commit()
    assert keys_of(dsn, one) == {(1, "a"), *([(3, "new")] if commit else [])}
    assert keys_of(dsn, other) == {(2, "b")}
    assert_valid(dsn)


def undo_while_somebody_unlinks(dsn: str) -> None:
    """What was unlinked while undo waited must not come back."""
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        event_id = merge(one, other)(stage["A"])
        stage["A"].commit()
        unlink(2, "b")(stage["A"])
        of_b = stage.start("B", undo(event_id), waits_for="A")
        stage["A"].commit()
        with pytest.raises(psycopg.Error) as error:
            of_b.result()
        assert error.value.sqlstate == "PM005"
        stage["B"].rollback()
    assert keys_of(dsn, one) == {(1, "a")}
    assert_valid(dsn)


def test_undo_sees_what_was_unlinked_while_it_waited(dsn: str) -> None:
    undo_while_somebody_unlinks(dsn)


@COMMIT
def test_a_merge_takes_along_what_was_mapped_to_the_duplicate_while_it_waited(dsn: str, commit: bool) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        link(other, 3, "new")(stage["A"])
        of_b = stage.start("B", merge(one, other), waits_for="A")
        stage["A"].commit() if commit else stage["A"].rollback()
        assert of_b.result()
        stage["B"].commit()
    assert keys_of(dsn, one) == {(1, "a"), (2, "b"), *([(3, "new")] if commit else [])}
    assert_valid(dsn)


@COMMIT
def test_who_maps_to_a_media_item_that_is_being_merged_maps_to_what_it_became(dsn: str, commit: bool) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        merge(one, other)(stage["A"])
        of_b = stage.start("B", link(other, 3, "new"), waits_for="A")
        stage["A"].commit() if commit else stage["A"].rollback()
        assert of_b.result()
        stage["B"].commit()
    assert (3, "new") in keys_of(dsn, one if commit else other)
    assert_valid(dsn)


# Merges and syncs

#: What two servers list, with nothing in common, and a third like the second one.
THINGS: dict[str, tuple[str, list[Item], list[Item], list[Item]]] = {
    "by external ID": (
        "movie",
        [item("a", title="One", externalIds={"imdb": "tt0000001"})],
        [item("b", title="Two", externalIds={"tmdb": "1"})],
        [item("c", title="Two", externalIds={"tmdb": "1"})],
    ),
    "by title": (
        "movie",
        [item("a", title="One", year=2000)],
        [item("b", title="Two", year=2000)],
        [item("c", title="Two", year=2000)],
    ),
    "by numbers": (
        "series",
        [*episodes(1, 4, prefix="a", imdb="tt0000001"), item("as1", "series", title="One")],
        episodes(2, 3, prefix="b", tmdb="1"),
        episodes(2, 4, prefix="c", tmdb="1"),
    ),
}


def merge_and_sync(dsn: str, things: str, *, merge_first: bool, commit: bool = True) -> None:
    """The one that comes second waits, and what comes out is what the two make one after the other."""
    media_type, *listings, of_third = THINGS[things]
    outcomes = []
    for at_once in (False, True):
        run(emptied(dsn), *(sync(client_id, listing) for client_id, listing in enumerate(listings, 1)))
        with session(dsn) as connection:
            query = "select array_agg(id order by id) from pymap.media_items where type = %s"
            one, other = execute(query, media_type)(connection)
        calls = [merge(one, other), sync(3, of_third)][:: 1 if merge_first else -1]
        if at_once:
            with Stage(dsn) as stage:
                calls[0](stage["first"])
                later = stage.start("second", calls[1], waits_for="first")
                stage["first"].commit() if commit else stage["first"].rollback()
                later.result()
                stage["second"].commit()
        else:
            run(dsn, *(calls if commit else calls[1:]))
        assert_valid(dsn)
        outcomes.append(contents(dsn))
    assert outcomes[0] == outcomes[1]


@COMMIT
@pytest.mark.parametrize("merge_first", [True, False], ids=["merge first", "sync first"])
@pytest.mark.parametrize("things", THINGS)
def test_a_merge_and_a_sync_wait_for_each_other_and_get_it_right(
    dsn: str, things: str, merge_first: bool, commit: bool
) -> None:
    merge_and_sync(dsn, things, merge_first=merge_first, commit=commit)


MORE_EPISODES = episodes(2, 3, prefix="b")


@COMMIT
@pytest.mark.parametrize(
    "call",
    [
        sync(2, MORE_EPISODES),
        execute("select count(*) from pymap.get_or_create_mappings(2, 'plex', %s)", Jsonb(MORE_EPISODES)),
    ],
    ids=["sync", "batch"],
)
def test_what_is_added_to_a_series_that_is_being_merged_becomes_part_of_what_it_became(
    dsn: str, call: Work, commit: bool
) -> None:
    run(dsn, sync(1, episodes(1, 2, prefix="a")), sync(2, MORE_EPISODES[:-1]))
    with session(dsn) as connection:
        query = "select array_agg(id order by id) from pymap.media_items where type = 'series'"
        one, other = execute(query)(connection)
    with Stage(dsn) as stage:
        merge(one, other)(stage["A"])
        later = stage.start("B", call, waits_for="A")
        stage["A"].commit() if commit else stage["A"].rollback()
        later.result()
        stage["B"].commit()
    with session(dsn) as connection:
        query = "select parent_id from pymap.media_items where type = 'episode' and number = 3"
        assert execute(query)(connection) == (one if commit else other)
    assert_valid(dsn)


# Everything at once


def quarrel(dsn: str, *, deletes: bool) -> None:
    """Many sessions that merge, split, undo and mark the same few media items, while others map, sync and delete."""

    def call(connection: Connection, dice: random.Random) -> Work:
        (last,) = connection.execute("select coalesce(max(id), 1) from pymap.media_items").fetchone() or (1,)
        events = connection.execute(
            "select id from pymap.mapping_events where kind in ('merged', 'split', 'distinct') order by id desc limit 6"
        ).fetchall()
        mapped = connection.execute(
            "select id, sync_clients from pymap.media_items where jsonb_array_length(sync_clients) > 1"
        ).fetchall()
        connection.rollback()
        one, other = dice.randint(max(1, last - 15), last), dice.randint(max(1, last - 15), last)
        client_id, number = dice.randint(1, 4), dice.randint(1, 6)
        whole, sync_clients = dice.choice(mapped or [(one, [{"clientId": 1, "itemId": "1"}])])
        taken = dice.choice(sync_clients)
        calls: list[tuple[int, Work]] = [
            (6, merge(one, other)),
            (4, split(whole, (taken["clientId"], taken["itemId"]))),
            (5, undo(dice.choice(events or [(1,)])[0])),
            (1, mark_distinct(one, other)),
            (3, single(client_id, str(number), imdb(number))),
            (2, batch(client_id, {str(key): imdb(key) for key in dice.sample(range(1, 7), 3)})),
            (2, sync(client_id, [film(key, *["imdb"][: dice.randint(0, 1)]) for key in dice.sample(range(1, 7), 4)])),
            (2, link(one, client_id, str(number))),
            (1, unlink(client_id, str(number))),
            (int(deletes), execute("delete from pymap.media_items where id = %s returning id", one)),
            (int(deletes), execute("update pymap.media_items set sync_clients = '[]' where id = %s returning id", one)),
            (1, execute("select pymap.rebuild_lookup()")),
        ]
        return dice.choices([work for _, work in calls], weights=[weight for weight, _ in calls])[0]

    def work(connection: Connection, number: int) -> int:
        dice = random.Random(number)
        answers = 0
        for _ in range(30 * SCALE):
            try:
                transaction(connection, call(connection, dice), roll_back=dice.random() < 0.15)
                answers += 1
            except psycopg.errors.DeadlockDetected:
                if not deletes:
                    raise
            except psycopg.Error as error:
                if error.sqlstate not in ANSWERS:
                    raise
        return answers

    assert min(together(dsn, READ_COMMITTED, work)) > 5
    assert_valid(dsn)


@searches
@pytest.mark.parametrize("deletes", [False, True], ids=["without deletes", "with deletes"])
def test_whatever_is_fixed_mapped_and_synced_at_once_the_state_is_valid(dsn: str, deletes: bool) -> None:
    quarrel(dsn, deletes=deletes)


# rebuild_lookup


def test_rebuild_lookup_mends_damage_while_others_write(dsn: str) -> None:
    keys = {str(number): imdb(number) for number in range(1, 31)}
    run(dsn, batch(1, keys))
    with session(dsn) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("delete from pymap.client_items where client_item_id::int % 3 = 0")
        connection.execute("delete from pymap.external_ids where media_item_id % 3 = 1")
        connection.execute("update pymap.media_items set sync_clients = '[]' where id % 7 = 0")
        connection.commit()

    def work(connection: Connection, number: int) -> set[tuple[int, str]]:
        if number < 2:
            for _ in range(5):
                transaction(connection, execute("select pymap.rebuild_lookup()"))
            return set()
        dice = random.Random(number)
        written = set()
        for turn in range(15):
            one, key = dice.randint(1, 30), f"{number}-{turn}"
            transaction(connection, dice.choice([link(one, 2, key), single(2, key)]))
            written.add((2, key))
        return written

    written = set().union(*together(dsn, READ_COMMITTED, work))
    run(dsn, execute("select pymap.rebuild_lookup()"))
    with session(dsn) as connection:
        rows = connection.execute("select 2, client_item_id from pymap.sync_clients_list(2)").fetchall()
    assert set(rows) == written
    assert_valid(dsn)


@COMMIT
def test_rebuild_lookup_takes_nothing_for_damage_that_is_being_written(dsn: str, commit: bool) -> None:
    one, other = two_films(dsn)
    with Stage(dsn) as stage:
        merge(one, other)(stage["A"])
        assert execute("select pymap.rebuild_lookup()")(stage["B"]) == 0
        stage["B"].commit()
        stage["A"].commit() if commit else stage["A"].rollback()
    assert_valid(dsn)


# What the tests notice


def merge_without_the_lock_of_syncs(dsn: str) -> None:
    mutate(dsn, "merge_media_items", "perform pymap._lock_tenant(", ";", "")


def undo_without_locks(dsn: str) -> None:
    mutate(dsn, "undo", "perform pymap._lock_tenant(", ";", "")
    mutate(dsn, "undo", "perform pymap._lock_media_items(", ";", "")


def undo_without_locks_of_media_items(dsn: str) -> None:
    mutate(dsn, "undo", "perform pymap._lock_media_items(", ";", "")


def merge_without_a_second_look(dsn: str) -> None:
    mutate(dsn, "merge_media_items", "-- Another session may have changed", ";", "")


def mark_without_a_second_look(dsn: str) -> None:
    mutate(dsn, "_mark_distinct", "perform pymap._check_media_item('p_other_id'", ";", "")


MUTANTS: list[tuple[Callable[[str], None], Callable[[str], None]]] = [
    (merge_without_a_second_look, retype_while_somebody_merges),
    (mark_without_a_second_look, delete_while_somebody_marks),
    (merge_without_the_lock_of_syncs, lambda dsn: merge_and_sync(dsn, "by numbers", merge_first=False)),
    (undo_without_locks, undo_twice),
    (undo_without_locks_of_media_items, undo_while_somebody_unlinks),
]


@pytest.mark.parametrize(("mutant", "scenario"), MUTANTS, ids=[mutant.__name__ for mutant, _ in MUTANTS])
def test_the_suite_notices_a_fix_without_its_precautions(
    scratch: str, mutant: Callable[[str], None], scenario: Callable[[str], None]
) -> None:
    mutant(scratch)
    with pytest.raises((AssertionError, psycopg.Error, pytest.fail.Exception)):
        scenario(scratch)
