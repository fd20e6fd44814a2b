"""Many sessions at once: one media item for each key, lookup tables that agree with the arrays, no deadlock.

The interleavings are made to happen: a session is known to wait when pg_blocking_pids says for whom.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import psycopg
import pytest
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb

from tests.conftest import Server
from tests.scale import SCALE, searches
from tests.sessions import (
    BOTH_WAYS,
    COMMIT,
    LEVELS,
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE,
    WAYS,
    Connection,
    Stage,
    Way,
    assert_sound,
    batch,
    batch_of_one,
    execute,
    imdb,
    media_item_count,
    mutate,
    remove_client,
    session,
    single,
    together,
    transaction,
    unlink,
)


@pytest.fixture(scope="module")
def database(server: Server, template: str) -> Iterator[str]:
    with server.database(template) as dsn:
        yield dsn


@pytest.fixture
def dsn(database: str) -> str:
    """An empty database; emptying one is faster than making one for each test."""
    with psycopg.connect(database) as connection:
        connection.execute("truncate pymap.media_items restart identity")
    return database


@pytest.fixture
def scratch(server: Server, template: str) -> Iterator[str]:
    """A database of its own, for a test that changes functions."""
    with server.database(template) as dsn:
        yield dsn


# Many sessions, many keys


@LEVELS
def test_single_calls_make_one_item_for_each_key(dsn: str, level: IsolationLevel) -> None:
    keys = 40

    def work(connection: Connection, number: int) -> list[tuple[int, int]]:
        dice = random.Random(number)
        committed = []
        for key in dice.sample(range(1, keys + 1), keys):
            roll_back = dice.random() < 0.3
            media_item_id = transaction(connection, single(1 + number % 2, str(key), imdb(key)), roll_back=roll_back)
            if not roll_back:
                committed.append((key, media_item_id))
        return committed

    results = {pair for committed in together(dsn, level, work) for pair in committed}
    assert len(results) == len({key for key, _ in results}) == len({media_item_id for _, media_item_id in results})
    assert media_item_count(dsn) == len(results)
    assert_sound(dsn)


@LEVELS
@pytest.mark.parametrize("clients", [1, 3], ids=["one client", "three clients"])
def test_batches_make_one_item_for_each_key(dsn: str, level: IsolationLevel, clients: int) -> None:
    def work(connection: Connection, number: int) -> list[tuple[str, int]]:
        dice = random.Random(number)
        committed: list[tuple[str, int]] = []
        for _ in range(4):
            keys = {str(key): imdb(key) for key in dice.sample(range(1, 101), 40)}
            roll_back = dice.random() < 0.3
            media_items = transaction(connection, batch(1 + number % clients, keys), roll_back=roll_back)
            if not roll_back:
                committed += media_items.items()
        return committed

    results = {pair for committed in together(dsn, level, work) for pair in committed}
    assert len(results) == len({key for key, _ in results}) == len({media_item_id for _, media_item_id in results})
    assert media_item_count(dsn) == len(results)
    assert_sound(dsn)


@LEVELS
@searches
def test_whatever_writes_at_once_the_lookup_tables_agree_with_the_arrays(dsn: str, level: IsolationLevel) -> None:
    def change(dice: random.Random) -> Callable[[Connection], Any]:
        client_id, key, media_item_id = dice.randint(1, 3), dice.randint(1, 20), dice.randint(1, 30)
        sync_client = Jsonb([{"clientId": client_id, "clientType": "plex", "itemId": str(key)}])
        changes: list[Callable[[Connection], Any]] = [
            single(client_id, str(key), imdb(key)),
            batch(client_id, {str(one): imdb(one) for one in dice.sample(range(1, 21), 10)}),
            execute("select pymap.link_client_item(%s, %s, 'plex', %s)", media_item_id, client_id, str(key)),
            unlink(client_id, str(key)),
            remove_client(client_id),
            execute(
                "update pymap.media_items set sync_clients = sync_clients || %s where id = %s returning id",
                sync_client,
                media_item_id,
            ),
            execute("update pymap.media_items set sync_clients = '[]' where id = %s returning id", media_item_id),
            execute(
                "update pymap.media_items set external_ids = %s where id = %s returning id",
                Jsonb(imdb(key)),
                media_item_id,
            ),
        ]
        removals = 1 if level == READ_COMMITTED else 0
        return dice.choices(changes, weights=[6, 4, 4, 3, removals, 3, 1, 2])[0]

    def work(connection: Connection, number: int) -> None:
        dice = random.Random(number)
        for _ in range(40 * SCALE):
            roll_back = dice.random() < 0.2
            try:
                transaction(connection, change(dice), roll_back=roll_back)
            except psycopg.Error as error:
                # Taken by another media item, or no such media item: right answers, nothing was written.
                if error.sqlstate not in ("PM001", "P0002"):
                    raise

    together(dsn, level, work)
    assert_sound(dsn, every_item_is_mapped=False)


# Two sessions, one film


def same_film_for_two_clients(dsn: str, first: Way, second: Way, *, commit: bool) -> None:
    with Stage(dsn) as stage:
        of_a = first(1, "a", imdb(1))(stage["A"])
        of_b = stage.start("B", second(2, "b", imdb(1)), waits_for="A")
        stage["A"].commit() if commit else stage["A"].rollback()
        assert (of_b.result() == of_a) == commit
        stage["B"].commit()
    assert media_item_count(dsn) == 1
    assert_sound(dsn)


def same_key_of_one_client(dsn: str, first: Way, second: Way, *, commit: bool) -> None:
    with Stage(dsn) as stage:
        of_a = first(1, "a")(stage["A"])
        of_b = stage.start("B", second(1, "a"), waits_for="A")
        stage["A"].commit() if commit else stage["A"].rollback()
        assert (of_b.result() == of_a) == commit
        stage["B"].commit()
    assert media_item_count(dsn) == 1
    assert_sound(dsn)


@COMMIT
@WAYS
def test_the_second_client_of_a_film_waits_and_gets_the_item_that_the_first_committed(
    dsn: str, first: Way, second: Way, commit: bool
) -> None:
    same_film_for_two_clients(dsn, first, second, commit=commit)


@COMMIT
@WAYS
def test_the_second_session_of_a_key_waits_and_gets_the_item_that_the_first_committed(
    dsn: str, first: Way, second: Way, commit: bool
) -> None:
    same_key_of_one_client(dsn, first, second, commit=commit)


@pytest.mark.parametrize("level", [REPEATABLE_READ, SERIALIZABLE], ids=["repeatable_read", "serializable"])
@pytest.mark.parametrize("client_id", [1, 2], ids=["same key", "same film"])
@WAYS
def test_above_read_committed_the_loser_is_told_to_retry(
    dsn: str, first: Way, second: Way, client_id: int, level: IsolationLevel
) -> None:
    with Stage(dsn, level) as stage:
        of_a = first(1, "a", imdb(1))(stage["A"])
        of_b = stage.start("B", second(client_id, "a", imdb(1)), waits_for="A")
        stage["A"].commit()
        with pytest.raises(psycopg.errors.SerializationFailure):
            of_b.result()
        stage["B"].rollback()
        assert second(client_id, "a", imdb(1))(stage["B"]) == of_a
        stage["B"].commit()
    assert media_item_count(dsn) == 1
    assert_sound(dsn)


@pytest.mark.parametrize("level", [REPEATABLE_READ, SERIALIZABLE], ids=["repeatable_read", "serializable"])
def test_who_takes_over_a_mapping_that_was_given_up_after_its_snapshot_is_told_to_retry(
    dsn: str, level: IsolationLevel
) -> None:
    with session(dsn) as connection:
        former, other = (transaction(connection, single(1, key)) for key in "ab")
    link = execute("select pymap.link_client_item(%s, 1, 'plex', 'a')", other)
    with Stage(dsn, level) as stage:
        assert execute("select pymap.get_media_item_by_client_id(1, 'a')")(stage["A"]) == former
        unlink(1, "a")(stage["B"])
        stage["B"].commit()
        with pytest.raises(psycopg.errors.SerializationFailure):
            link(stage["A"])
        stage["A"].rollback()
        assert link(stage["A"]) is True
        stage["A"].commit()
    assert_sound(dsn, every_item_is_mapped=False)


@WAYS
def test_films_that_share_no_id_do_not_wait_for_each_other(dsn: str, first: Way, second: Way) -> None:
    with Stage(dsn) as stage:
        for client_id in (1, 2):
            single(client_id, "registered")(stage["A"])
        stage["A"].commit()
        of_a = first(1, "a", imdb(1))(stage["A"])
        of_b = second(2, "b", imdb(2))(stage["B"])
        assert of_a != of_b
        stage["B"].commit()
        stage["A"].commit()
    assert_sound(dsn)


# Batches that cross


def crossing_batches(dsn: str, one_client: int, other_client: int, *, commit: bool, stored: bool = False) -> None:
    """One lists the keys backwards; the key in the middle is a third session's until both have begun."""
    keys = {"a": imdb(1), "m": imdb(2), "z": imdb(3)}
    with Stage(dsn) as stage:
        if stored:
            batch(4, keys)(stage["C"])
            stage["C"].commit()
        single(one_client if one_client == other_client else 3, "m", imdb(2))(stage["C"])
        calls = {"A": stage.start("A", batch(one_client, keys), waits_for="C")}
        calls["B"] = stage.start("B", batch(other_client, dict(reversed(keys.items()))), waits_for=("A", "C"))
        stage["C"].commit() if commit else stage["C"].rollback()
        stage.finish(dict(calls))
        assert calls["A"].result() == calls["B"].result()
    assert media_item_count(dsn) == 3
    assert_sound(dsn)


@COMMIT
@pytest.mark.parametrize(("one", "other"), [(1, 1), (1, 2)], ids=["same client", "two clients"])
def test_batches_that_list_the_same_keys_in_opposite_order_do_not_deadlock(
    dsn: str, one: int, other: int, commit: bool
) -> None:
    crossing_batches(dsn, one, other, commit=commit)


@COMMIT
@pytest.mark.parametrize(("one", "other"), [(1, 1), (1, 2)], ids=["same client", "two clients"])
def test_batches_that_match_the_same_items_in_opposite_order_do_not_deadlock(
    dsn: str, one: int, other: int, commit: bool
) -> None:
    crossing_batches(dsn, one, other, commit=commit, stored=True)


def key_that_vanishes_while_a_batch_claims(dsn: str) -> None:
    """A finds m taken, and while it waits for z, m is unlinked and claimed by D, which wants z too."""
    with Stage(dsn) as stage:
        single(1, "registers the client")(stage["C"])
        stage["C"].commit()
        single(1, "m")(stage["C"])
        single(1, "z")(stage["E"])
        single(1, "n")(stage["F"])
        of_a = stage.start("A", batch(1, {"a": [], "m": [], "z": []}), waits_for="C")
        stage["C"].commit()
        stage.until_waiting("A", of_a, "E")
        unlink(1, "m")(stage["C"])
        stage["C"].commit()
        of_d = stage.start("D", batch(1, {"m": [], "n": [], "z": []}), waits_for="F")
        stage["E"].rollback()
        stage.until_waiting("A", of_a, "D")
        stage["F"].rollback()
        found = of_d.result()
        stage["D"].commit()
        assert {key: of_a.result()[key] for key in ("m", "z")} == {key: found[key] for key in ("m", "z")}
        stage["A"].commit()
    assert_sound(dsn, every_item_is_mapped=False)


def test_a_batch_that_starts_again_keeps_no_claim(dsn: str) -> None:
    key_that_vanishes_while_a_batch_claims(dsn)


@pytest.mark.parametrize("way", BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_sessions_that_both_contradict_the_holder_of_their_id_still_meet(dsn: str, way: Way) -> None:
    with Stage(dsn) as stage:
        single(3, "holder", [*imdb(1), {"source": "tvdb", "id": "8"}, {"source": "tmdb", "id": "6"}])(stage["A"])
        stage["A"].commit()
        of_a = way(1, "a", [*imdb(1), {"source": "tvdb", "id": "9"}])(stage["A"])
        of_b = stage.start("B", way(2, "b", [*imdb(1), {"source": "tmdb", "id": "5"}]), waits_for="A")
        stage["A"].commit()
        assert of_b.result() == of_a
        stage["B"].commit()


# remove_client


@pytest.mark.parametrize("level", [REPEATABLE_READ, SERIALIZABLE])
def test_remove_client_refuses_levels_at_which_it_could_not_see_new_mappings(dsn: str, level: IsolationLevel) -> None:
    with Stage(dsn, level) as stage, pytest.raises(psycopg.errors.FeatureNotSupported):
        remove_client(1)(stage["A"])


@pytest.mark.parametrize("mapped", [True, False], ids=["with mappings", "without mappings"])
@pytest.mark.parametrize("way", BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_a_mapping_that_commits_while_its_client_is_removed_is_never_left_without_a_client(
    dsn: str, way: Way, mapped: bool
) -> None:
    with Stage(dsn) as stage:
        way(1, "old")(stage["A"])
        if not mapped:
            unlink(1, "old")(stage["A"])
        stage["A"].commit()
        way(1, "new")(stage["A"])
        removed = stage.start("B", remove_client(1), waits_for="A")
        stage["A"].commit()
        removed.result()
        stage["B"].commit()
    assert_sound(dsn, every_item_is_mapped=False)


@pytest.mark.parametrize("way", BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_remove_client_takes_the_mapping_that_it_waited_for(dsn: str, way: Way) -> None:
    with Stage(dsn) as stage:
        way(1, "old")(stage["A"])
        stage["A"].commit()
        way(1, "new")(stage["A"])
        removed = stage.start("B", remove_client(1), waits_for="A")
        stage["A"].commit()
        assert removed.result() == 2
        stage["B"].commit()
    assert_sound(dsn, every_item_is_mapped=False)


@COMMIT
@pytest.mark.parametrize("way", BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_a_mapping_made_while_its_client_is_removed_waits_and_registers_it_again(
    dsn: str, way: Way, commit: bool
) -> None:
    with Stage(dsn) as stage:
        way(1, "old")(stage["A"])
        stage["A"].commit()
        assert remove_client(1)(stage["B"]) == 1
        of_a = stage.start("A", way(1, "new"), waits_for="B")
        stage["B"].commit() if commit else stage["B"].rollback()
        assert of_a.result()
        stage["A"].commit()
        mappings = execute("select count(*) from pymap.sync_clients_list(1)")(stage["A"])
        assert mappings == (1 if commit else 2)
    assert_sound(dsn, every_item_is_mapped=False)


def test_remove_client_does_not_deadlock_with_a_call_that_matches_an_item_of_the_client(dsn: str) -> None:
    with Stage(dsn) as stage:
        single(1, "old")(stage["A"])
        single(2, "film", imdb(1))(stage["A"])
        stage["A"].commit()
        single(1, "one", imdb(1))(stage["B"])
        calls: dict[str, Future[Any]] = {"A": stage.start("A", single(1, "other", imdb(1)), waits_for="B")}
        single(1, "other")(stage["C"])
        stage["C"].commit()
        single(1, "third")(stage["C"])
        calls["R"] = stage.start("R", remove_client(1), waits_for=("B", "C"))
        stage["B"].commit()
        stage.stops("A", calls["A"], "R")
        stage["C"].commit()
        stage.finish(calls)
    assert_sound(dsn, every_item_is_mapped=False)


def test_remove_client_does_not_deadlock_with_a_batch_of_another_client(dsn: str) -> None:
    """The client gains a mapping to an older media item while remove_client has the newer one locked."""
    keys = {"x": imdb(1), "y": imdb(2)}
    with Stage(dsn) as stage:
        batch(3, keys)(stage["A"])
        single(1, "y", imdb(2))(stage["A"])
        stage["A"].commit()
        single(1, "x", imdb(1))(stage["B"])
        single(1, "z", imdb(3))(stage["C"])
        calls: dict[str, Future[Any]] = {"A": stage.start("A", batch(2, keys), waits_for="B")}
        calls["R"] = stage.start("R", remove_client(1), waits_for=("B", "C"))
        stage["B"].commit()
        stage.stops("A", calls["A"], "R")
        stage["C"].commit()
        stage.finish(calls)
    assert_sound(dsn, every_item_is_mapped=False)


# Client types


@pytest.mark.parametrize("way", BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_a_client_that_another_session_registered_with_another_type_is_refused(dsn: str, way: Way) -> None:
    with Stage(dsn) as stage:
        stage["A"].execute("select pymap.get_or_create_mapping(1, 'kodi', '1', 'movie', 'A film')")
        of_b = stage.start("B", way(1, "b"), waits_for="A")
        stage["A"].commit()
        with pytest.raises(psycopg.Error) as error:
            of_b.result()
        assert error.value.sqlstate == "PM003"
    assert_sound(dsn)


# Look-ups


LOOK_UPS = {
    "select pymap.get_media_item_by_client_id(1, 'a')": [(None,)],
    "select pymap.get_media_item_by_client_id_and_type(1, 'a', 'movie')": [(None,)],
    "select * from pymap.get_media_items_by_client_ids(1, array['a'])": [],
    "select * from pymap.sync_clients_list(1)": [],
    "select * from pymap.get_client_item_ids(1)": [],
    "select * from pymap.translate_client_item_ids(1, array['a'], 1)": [],
    "select * from pymap.get_media_items_by_external_id('imdb', 'tt0000001')": [],
}


@LEVELS
def test_look_ups_in_read_only_transactions_neither_wait_nor_see_what_is_not_committed(
    dsn: str, level: IsolationLevel
) -> None:
    with Stage(dsn) as stage, session(dsn, level) as reader:
        reader.read_only = True
        reader.execute("set lock_timeout = 1")
        single(1, "a", imdb(1))(stage["A"])
        answers = {query: reader.execute(query.encode()).fetchall() for query in LOOK_UPS}
        assert answers == LOOK_UPS
        stage["A"].commit()
        unchanged = {query for query in LOOK_UPS if reader.execute(query.encode()).fetchall() == LOOK_UPS[query]}
        assert unchanged == (set() if level == READ_COMMITTED else set(LOOK_UPS))
        reader.rollback()
        assert all(reader.execute(query.encode()).fetchall() != LOOK_UPS[query] for query in LOOK_UPS)


# What was tried and rejected: these tests notice it


def no_claim_of_the_key(dsn: str) -> None:
    mutate(dsn, "_create_mapping", "insert into pymap.client_items", "end if;", "")


def no_claim_of_the_keys(dsn: str) -> None:
    mutate(dsn, "_claim_mappings", "insert into pymap.client_items", "end if;", "")


def no_claim_of_external_ids(dsn: str) -> None:
    mutate(dsn, "_create_mapping", "insert into pymap.external_ids", "end if;", "")


def no_claim_of_external_ids_in_batches(dsn: str) -> None:
    mutate(dsn, "_claim_external_ids", "insert into pymap.external_ids", "end if;", "")


def claims_in_the_order_of_the_listing(dsn: str) -> None:
    mutate(dsn, "_claim_mappings", "order by e.client_item_id,", "e.media_type", "order by e.position")


def claims_of_external_ids_in_the_order_of_the_listing(dsn: str) -> None:
    place = "order by (select min(e.position) from pg_temp.pymap_entries as e where e.media_item_id = a.media_item_id)"
    mutate(dsn, "_claim_external_ids", "select distinct on (a.source,", "media_type)", "select")
    mutate(dsn, "_claim_external_ids", "order by a.source,", "a.media_item_id", place)


def locks_items_in_the_order_of_the_listing(dsn: str) -> None:
    entries = "select e.media_item_id from pg_temp.pymap_entries as e where not e.is_unchanged and not e.is_new"
    mutate(dsn, "_lock_items", entries, "order by 1", f"{entries} order by e.position")


def retries_while_it_holds_claims(dsn: str) -> None:
    again = """
    while exists (
        select
        from pg_temp.pymap_entries as e
        where e.known_id is null
          and not exists (
              select
              from pymap.client_items as m
              where (m.tenant_id, m.client_id, m.client_item_id, m.media_type)
                  = (p_tenant_id, p_client_id, e.client_item_id, e.media_type)
          )
    ) loop
        insert into pymap.client_items (tenant_id, client_id, client_item_id, media_type, media_item_id)
        select p_tenant_id, p_client_id, e.client_item_id, e.media_type, e.media_item_id
        from pg_temp.pymap_entries as e
        where e.known_id is null
        order by e.client_item_id, e.media_type
        on conflict do nothing;
    end loop;
    """
    mutate(dsn, "_claim_mappings", "if v_claimed < v_added then", "end if;", again)


MUTANTS: list[tuple[Callable[[str], None], Callable[[str], None], type[Exception]]] = [
    (no_claim_of_the_key, lambda dsn: same_key_of_one_client(dsn, single, single, commit=True), psycopg.Error),
    (no_claim_of_the_keys, lambda dsn: same_key_of_one_client(dsn, single, batch_of_one, commit=True), psycopg.Error),
    (
        no_claim_of_external_ids,
        lambda dsn: same_film_for_two_clients(dsn, single, single, commit=True),
        AssertionError,
    ),
    (
        no_claim_of_external_ids_in_batches,
        lambda dsn: same_film_for_two_clients(dsn, batch_of_one, batch_of_one, commit=True),
        AssertionError,
    ),
    (
        claims_in_the_order_of_the_listing,
        lambda dsn: crossing_batches(dsn, 1, 1, commit=True),
        psycopg.errors.DeadlockDetected,
    ),
    (
        claims_of_external_ids_in_the_order_of_the_listing,
        lambda dsn: crossing_batches(dsn, 1, 2, commit=True),
        psycopg.errors.DeadlockDetected,
    ),
    (
        locks_items_in_the_order_of_the_listing,
        lambda dsn: crossing_batches(dsn, 1, 2, commit=True, stored=True),
        psycopg.errors.DeadlockDetected,
    ),
    (
        retries_while_it_holds_claims,
        key_that_vanishes_while_a_batch_claims,
        psycopg.errors.DeadlockDetected,
    ),
]


@pytest.mark.parametrize(("mutant", "scenario", "noticed"), MUTANTS, ids=[mutant.__name__ for mutant, _, _ in MUTANTS])
def test_the_suite_notices_a_rejected_way(
    scratch: str, mutant: Callable[[str], None], scenario: Callable[[str], None], noticed: type[Exception]
) -> None:
    mutant(scratch)
    with pytest.raises(noticed):
        scenario(scratch)
