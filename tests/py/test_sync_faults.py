"""Syncs that are disturbed: by each other, by writers of every kind, by the end of their client or their server.

What holds then: one media item for one thing, no deadlock, nothing half done, and what comes out is what one order of
the calls, one after the other, would have made.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import psutil
import psycopg
import pytest
from psycopg import IsolationLevel
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import Jsonb

from pymap.migrations import migrate
from tests.agreement import disagreements
from tests.conftest import Server
from tests.scale import SCALE, searches
from tests.servers import server_folder
from tests.sessions import (
    COMMIT,
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE,
    Connection,
    Stage,
    batch,
    execute,
    mutate,
    remove_client,
    session,
    single,
    together,
    transaction,
    unlink,
)

T = TypeVar("T")
Work = Callable[[Connection], Any]
Item = dict[str, Any]


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


def emptied(dsn: str) -> str:
    with psycopg.connect(dsn) as connection:
        connection.execute("truncate pymap.media_items restart identity")
    return dsn


# What servers list


def item(key: str, media_type: str = "movie", **fields: Any) -> Item:
    return {"itemId": key, "type": media_type} | fields


def film(number: int, *sources: str, prefix: str = "") -> Item:
    """A film with its IDs in these sources; it has a number, the same in all of them."""
    ids = {source: f"tt{number:07}" if source == "imdb" else str(number) for source in sources}
    return item(f"{prefix}{number}", title=f"Film {number}", year=2000, externalIds=ids)


def episodes(series: int, count: int, *, prefix: str = "", **ids: str) -> list[Item]:
    """A series and its episodes, which have nothing but numbers."""
    return [
        item(f"{prefix}s{series}", "series", title=f"Series {series}", year=1990, externalIds=ids),
        *(
            item(f"{prefix}s{series}e{number}", "episode", parentItemId=f"{prefix}s{series}", **numbers(1, number))
            for number in range(1, count + 1)
        ),
    ]


def numbers(season: int, number: int) -> Item:
    return {"seasonNumber": season, "episodeNumber": number}


def sync(client_id: int, listing: list[Item], *, tenant_id: int = 0) -> Callable[[Connection], dict[str, int]]:
    """A call of sync_client_items that may remove anything; returns the media item of every ID that is listed."""

    def work(connection: Connection) -> dict[str, int]:
        rows = connection.execute(
            """
            select client_item_id, media_item_id
            from pymap.sync_client_items(%s, 'plex', %s, p_allow_removals => true, p_tenant_id => %s)
            where action <> 'removed'
            """,
            [client_id, Jsonb(listing), tenant_id],
        ).fetchall()
        return dict(rows)

    return work


def sync_by_copy(client_id: int, listing: list[Item]) -> Callable[[Connection], dict[str, int]]:
    """The same in three steps."""

    def work(connection: Connection) -> dict[str, int]:
        copy_command: str = execute("select pymap.begin_client_sync(%s, 'plex')", client_id)(connection)
        with connection.cursor().copy(copy_command.encode()) as copy:
            for one in listing:
                copy.write_row([Jsonb(one)])
        rows = connection.execute(
            """
            select client_item_id, media_item_id
            from pymap.apply_client_sync(%s, 'plex', p_allow_removals => true)
            where action <> 'removed'
            """,
            [client_id],
        ).fetchall()
        return dict(rows)

    return work


def run(dsn: str, *calls: Work) -> None:
    """Run calls one after the other, each in a transaction of its own."""
    with session(dsn) as connection:
        for call in calls:
            transaction(connection, call)


# What is stored


_REFERENCES = """
select 'mapping to a redirect', m.media_item_id
from pymap.client_items as m
join pymap.media_items as i on (i.tenant_id, i.id) = (m.tenant_id, m.media_item_id)
where i.merged_into is not null
union all
select 'child of a redirect', c.id
from pymap.media_items as c
join pymap.media_items as i on (i.tenant_id, i.id) = (c.tenant_id, c.parent_id)
where i.merged_into is not null
union all
select 'redirect to a redirect', c.id
from pymap.media_items as c
join pymap.media_items as i on (i.tenant_id, i.id) = (c.tenant_id, c.merged_into)
where i.merged_into is not null
union all
select 'reference to nothing', r.id
from (
    select i.tenant_id, i.id, v.to_id
    from pymap.media_items as i, lateral (values (i.parent_id), (i.merged_into)) as v (to_id)
    union all
    select r.tenant_id, r.media_item_id, v.to_id
    from pymap.review_candidates as r, lateral (values (r.media_item_id), (r.candidate_id)) as v (to_id)
) as r
where r.to_id is not null
  and not exists (select from pymap.media_items as i where (i.tenant_id, i.id) = (r.tenant_id, r.to_id))
"""


def assert_sound(dsn: str) -> None:
    with session(dsn) as connection:
        assert disagreements(connection) == []
        assert connection.execute(_REFERENCES).fetchall() == []


def count(dsn: str, media_type: str) -> int:
    """The number of media items of a type, without redirects."""
    query = "select count(*) from pymap.media_items where type = %s and merged_into is null"
    with session(dsn) as connection:
        return int(execute(query, media_type)(connection))


def shared_external_ids(dsn: str) -> list[Any]:
    """External IDs that more than one media item has."""
    with session(dsn) as connection:
        return connection.execute(
            "select source, external_id, media_type, array_agg(media_item_id) from pymap.external_ids "
            "group by 1, 2, 3 having count(*) > 1"
        ).fetchall()


def contents(dsn: str) -> Counter[str]:
    """All that is stored, without IDs that depend on who came first."""
    with session(dsn) as connection:
        items = connection.execute(
            """
            select tenant_id, id, parent_id, merged_into, type, title, release_year, parent_number, number, data,
                   (select array_agg(c::text order by c::text) from jsonb_array_elements(sync_clients) as c),
                   (select array_agg(e::text order by e::text) from jsonb_array_elements(external_ids) as e)
            from pymap.media_items
            """
        ).fetchall()
        reviews = connection.execute(
            "select tenant_id, media_item_id, candidate_id, evidence from pymap.review_candidates"
        ).fetchall()
        clients = connection.execute("select tenant_id, client_id, client_type from pymap.clients").fetchall()
    described: dict[tuple[int, int | None], Any] = {row[:2]: [row[0], *row[4:]] for row in items}

    def named(tenant_id: int, media_item_id: int | None) -> Any:
        return None if media_item_id is None else described.get((tenant_id, media_item_id), "nothing")

    return Counter(
        json.dumps(row, default=str)
        for row in [
            *([named(row[0], row[1]), named(row[0], row[2]), named(row[0], row[3])] for row in items),
            *(["review", named(row[0], row[1]), named(row[0], row[2]), row[3]] for row in reviews),
            *(["client", *row] for row in clients),
        ]
    )


# Two syncs list the same new things, which no unique key knows


STORED_SERIES = item("stored", "series", externalIds={"tvdb": "10"})
NEW_THINGS: dict[str, Callable[[str], list[Item]]] = {
    "films": lambda prefix: [film(number, prefix=prefix) for number in range(1, 6)],
    "episodes of a stored series": lambda prefix: episodes(1, 5, prefix=prefix, tvdb="10"),
    "episodes of a new series": lambda prefix: episodes(1, 5, prefix=prefix),
    "albums": lambda prefix: [
        item(f"{prefix}a", "artist", title="Björk"),
        item(f"{prefix}b", "album", title="Debut", year=1993, parentItemId=f"{prefix}a"),
        item(f"{prefix}c", "track", title="Crying", parentItemId=f"{prefix}b", discNumber=1, trackNumber=2),
    ],
}
SYNCS = {"call": sync, "copy": sync_by_copy}


def two_clients_list_the_same(
    dsn: str,
    kind: str,
    way: Callable[..., Work] = sync,
    *,
    commit: bool = True,
) -> None:
    listing, other_listing = NEW_THINGS[kind]("a"), list(reversed(NEW_THINGS[kind]("b")))
    if kind == "episodes of a stored series":
        # Both know the series already, and tell nothing new of it.
        run(dsn, sync(3, [STORED_SERIES]), sync(1, listing[:1]), sync(2, other_listing[-1:]))
    with Stage(dsn) as stage:
        of_a = way(1, listing)(stage["A"])
        of_b = stage.submit("B", way(2, other_listing))
        waited = stage.stops("B", of_b, "A")
        stage["A"].commit() if commit else stage["A"].rollback()
        found = of_b.result()
        stage["B"].commit()
        assert {key[1:]: media_item for key, media_item in found.items()} == {
            key[1:]: media_item if commit else found[f"b{key[1:]}"] for key, media_item in of_a.items()
        }
        assert waited
    assert sum(count(dsn, media_type) for media_type in {one["type"] for one in listing}) == len(listing)
    assert_sound(dsn)


@COMMIT
@pytest.mark.parametrize("way", SYNCS.values(), ids=SYNCS)
@pytest.mark.parametrize("kind", NEW_THINGS)
def test_two_clients_that_list_the_same_new_things_at_once_share_their_media_items(
    dsn: str, kind: str, way: Callable[..., Work], commit: bool
) -> None:
    two_clients_list_the_same(dsn, kind, way, commit=commit)


# A sync that is stopped on its way, while another session writes


#: Where a session that has set test.gates can be stopped, as long as another one has closed the gate.
GATES = {
    "matched": "perform pymap._stage_additions(p_tenant_id);",
    "claimed": "perform pymap._merge_items(p_client_id, p_tenant_id);",
}
#: Tables that say what is mapped and known, for Home to set back.
TABLES = ("media_items", "client_items", "external_ids", "clients", "review_candidates", "distinct_pairs")


def build_gates(dsn: str) -> None:
    for name, statement in GATES.items():
        wait = f"perform pg_advisory_xact_lock_shared(hashtext('{name}'))"
        where = "where current_setting('test.gates', true) = 'on'"
        mutate(dsn, "_write_entries", statement[:-1], ";", f"{wait} {where}; {statement}")


def close_gate(stage: Stage, name: str) -> None:
    stage["gate"].execute("select pg_advisory_xact_lock(hashtext(%s))", [name])


def open_gate(stage: Stage) -> None:
    stage["gate"].rollback()


def through_gates(call: Work) -> Work:
    def work(connection: Connection) -> Any:
        connection.execute("set local test.gates = on")
        return call(connection)

    return work


def finish(stage: Stage, calls: dict[str, Future[Any]]) -> None:
    """Commit each session as its call is done."""
    while calls:
        wait(calls.values(), return_when=FIRST_COMPLETED)
        for name in [name for name, call in calls.items() if call.done()]:
            calls.pop(name).result()
            stage[name].commit()


def interleave(stage: Stage, syncing: Work, other: Work, gate: str, *, commit_first: bool) -> None:
    """Run other while the sync stands at a gate; it ends before the gate opens, or when the sync waits for it."""
    close_gate(stage, gate)
    calls: dict[str, Future[Any]] = {"S": stage.start("S", through_gates(syncing), waits_for="gate")}
    calls["O"] = stage.submit("O", other)
    if not stage.stops("O", calls["O"], "S") and commit_first:
        finish(stage, {"O": calls.pop("O")})
    open_gate(stage)
    stage.stops("S", calls["S"], "O")
    finish(stage, calls)


#: What three clients have listed. Client 1 lists AFTER next.
BEFORE: list[tuple[int, list[Item]]] = [
    (
        1,
        [
            item("kept", title="Kept", year=2001, externalIds={"imdb": "tt0000001"}),
            item("told", title="Told more", year=2002, externalIds={"imdb": "tt0000002"}),
            item("gone", title="Gone", year=2003, externalIds={"imdb": "tt0000003"}),
            item("old", title="Given a new ID", year=2004, externalIds={"imdb": "tt0000004"}),
            item("reused", title="Had the ID", year=2005, externalIds={"imdb": "tt0000005"}),
            item("series", "series", title="Series", year=1990, externalIds={"tvdb": "10"}),
        ],
    ),
    (
        2,
        [
            item("reused", title="Has the ID now", year=2006, externalIds={"imdb": "tt0000006"}),
            item("identified", title="By its ID", year=2007, externalIds={"imdb": "tt0000007"}),
            item("titled", title="By its title", year=2008),
            item("bridge", title="Bridge of imdb", externalIds={"imdb": "tt0000009"}),
            item("series", "series", title="Series", year=1990, externalIds={"tvdb": "10"}),
            item("numbered", "episode", parentItemId="series", **numbers(1, 1)),
            item("bridge show", "series", title="Show of imdb", externalIds={"imdb": "tt0000012"}),
            item("bridge part", "episode", parentItemId="bridge show", **numbers(1, 1)),
        ],
    ),
    (
        3,
        [
            item("bridge", title="Bridge of tmdb", externalIds={"tmdb": "9"}),
            item("bridge show", "series", title="Show of tvdb", externalIds={"tvdb": "12"}),
            item("bridge part", "episode", parentItemId="bridge show", **numbers(1, 1)),
            item("other part", "episode", parentItemId="bridge show", **numbers(1, 2)),
            item("one of two", title="Twin", year=2013, externalIds={"imdb": "tt0000013"}),
            item("two of two", title="Twin", year=2013, externalIds={"imdb": "tt0000014"}),
        ],
    ),
]
AFTER = [
    item("kept", title="Kept", year=2001, externalIds={"imdb": "tt0000001"}),
    item("told", title="Told more", year=2002, externalIds={"imdb": "tt0000002", "tmdb": "2"}),
    item("new", title="Given a new ID", year=2004, externalIds={"imdb": "tt0000004"}),
    item("reused", title="Has the ID now", year=2006, externalIds={"imdb": "tt0000006"}),
    item("identified", title="By its ID", year=2007, externalIds={"imdb": "tt0000007"}),
    item("titled", title="By its title", year=2008, externalIds={"tmdb": "8"}),
    item("bridge", title="Bridge", externalIds={"imdb": "tt0000009", "tmdb": "9"}),
    item("bridge show", "series", title="Show", externalIds={"imdb": "tt0000012", "tvdb": "12"}),
    item("created", title="Created", year=2010, externalIds={"imdb": "tt0000010"}),
    item("nameless", title="Without IDs", year=2011),
    item("series", "series", title="Series", year=1990, externalIds={"tvdb": "10"}),
    item("numbered", "episode", parentItemId="series", **numbers(1, 1)),
    item("new part", "episode", parentItemId="series", **numbers(1, 2)),
    item("twin", title="Twin", year=2013),
]

MediaItems = dict[tuple[int, str], int]
Interference = Callable[[MediaItems], Work]


@dataclass
class Home:
    """A database with gates that can be set back to what BEFORE has made of it."""

    dsn: str
    one_after_the_other: dict[str, list[Counter[str]]] = field(default_factory=dict)
    stages: dict[IsolationLevel, Stage] = field(default_factory=dict)

    @contextmanager
    def stage(self, level: IsolationLevel) -> Iterator[Stage]:
        """Sessions that were used before: they have their plans."""
        if level not in self.stages:
            self.stages[level] = Stage(self.dsn, level).__enter__()
        try:
            yield self.stages[level]
        except BaseException:
            self.stages.pop(level).__exit__()
            raise

    def build(self) -> None:
        build_gates(self.dsn)
        run(
            self.dsn,
            *(sync(client_id, listing) for client_id, listing in BEFORE),
            lambda connection: [
                connection.execute(f"create table before_{table} as table pymap.{table}".encode()) for table in TABLES
            ],
        )

    def close(self) -> None:
        for stage in self.stages.values():
            stage.__exit__()

    def set_back(self) -> MediaItems:
        with session(self.dsn) as connection:
            # Without triggers: they do not know what the clients have told.
            connection.execute("set local session_replication_role = replica")
            for table in TABLES:
                connection.execute(f"delete from pymap.{table}".encode())
                connection.execute(f"insert into pymap.{table} select * from before_{table}".encode())
            connection.commit()
            rows = connection.execute(
                "select client_id, client_item_id, media_item_id from pymap.client_items"
            ).fetchall()
        return {(client_id, key): media_item_id for client_id, key, media_item_id in rows}


@pytest.fixture(scope="module")
def home(server: Server, template: str) -> Iterator[Home]:
    with server.database(template) as dsn:
        home = Home(dsn)
        home.build()
        yield home
        home.close()


def always(call: Work) -> Interference:
    return lambda media_items: call


def careful(interference: Interference) -> Interference:
    """Take no harm where the sync comes first: it has mapped the ID elsewhere, or the media item is a redirect now."""

    def made(media_items: MediaItems) -> Work:
        def work(connection: Connection) -> Any:
            # In a transaction of the caller's; as the outermost one, transaction() would commit.
            connection.execute("select")
            try:
                with connection.transaction():
                    return interference(media_items)(connection)
            except psycopg.Error as error:
                if error.sqlstate != "PM001" and error.diag.constraint_name != "media_items_merged_into_check":
                    raise
                return None

        return work

    return made


def write(query: str, key: tuple[int, str], *values: Any) -> Interference:
    """A statement about the media item that a client item ID had before the sync."""
    return careful(lambda media_items: execute(f"{query} where id = %s returning id", *values, media_items[key]))


def moved(key: tuple[int, str]) -> Interference:
    """An UPDATE that gives a mapping to another media item."""
    query = """
        update pymap.media_items
        set sync_clients = case id when %s then '[]' else sync_clients || %s end
        where id in (%s, %s)
        returning id
    """
    sync_client = Jsonb({"clientId": key[0], "clientType": "plex", "itemId": key[1]})
    return careful(lambda ids: execute(query, ids[key], sync_client, ids[key], ids[3, "one of two"]))


def identified(external_ids: dict[str, str]) -> list[dict[str, str]]:
    return [{"source": source, "id": value} for source, value in external_ids.items()]


BRIDGED = [(2, "bridge"), (3, "bridge"), (2, "bridge show"), (3, "bridge show"), (2, "bridge part"), (3, "bridge part")]


def interferences() -> Iterator[tuple[str, Interference]]:
    stored = [(client_id, one["itemId"]) for client_id, listing in BEFORE for one in listing]
    yield (
        "delete all films",
        lambda media_items: execute(
            "delete from pymap.media_items where id = any (%s) and type = 'movie' and title <> 'Twin' returning id",
            list(media_items.values()),
        ),
    )
    for client_id in (1, 2, 3):
        yield f"remove client {client_id}", always(remove_client(client_id))
    for client_id, key in stored:
        if client_id == 1 or (client_id, key) in BRIDGED:
            yield f"unlink {key} of {client_id}", always(unlink(client_id, key))
        if (client_id, key) != (2, "series"):
            yield f"delete {key} of {client_id}", write("delete from pymap.media_items", (client_id, key))
    for client_id, key in [(1, "told"), (1, "gone"), (1, "reused"), (2, "titled"), (2, "bridge"), (3, "bridge show")]:
        empty = "update pymap.media_items set sync_clients = '[]', external_ids = '[]'"
        yield f"empty {key} of {client_id}", write(empty, (client_id, key))
    for client_id, key in [*BRIDGED, (1, "told"), (1, "old"), (2, "identified"), (2, "titled"), (2, "numbered")]:
        update = "update pymap.media_items set external_ids = %s"
        other_ids = Jsonb({"imdb": "tt0009999", "tmdb": "9999", "tvdb": "9999"})
        yield f"contradict {key} of {client_id}", write(update, (client_id, key), other_ids)
    for one in AFTER:
        key, ids = one["itemId"], identified(one.get("externalIds", {}))
        if one["type"] == "movie" and key not in ("kept", "told", "reused"):
            yield f"map {key}", always(single(1, key, ids))
            yield f"map {key} in a batch", always(batch(1, {key: ids, "other": identified({"imdb": "8888"})}))
            yield f"map {key} for client 4", always(single(4, key, ids))
    for key in ("new", "bridge", "created"):
        update = "update pymap.media_items set sync_clients = sync_clients || %s"
        sync_client = Jsonb({"clientId": 1, "clientType": "plex", "itemId": key})
        yield f"link {key}", write(update, (3, "one of two"), sync_client)
    for client_id, key in [(1, "gone"), (1, "old"), (1, "told"), (1, "reused"), (2, "bridge"), (3, "bridge")]:
        yield f"move {key} of {client_id}", moved((client_id, key))
    yield "map what is not listed", always(single(1, "not listed"))
    yield "sync the same client", always(sync(1, [one for one in BEFORE[0][1] if one["itemId"] != "kept"]))
    yield "sync another client", always(sync(4, AFTER))


INTERFERENCES = dict(interferences())
MOMENTS = {
    "commits before the sync writes": ("matched", True),
    "holds its locks when the sync writes": ("matched", False),
    "begins when the sync has its locks": ("claimed", False),
}


def disturbed_sync(home: Home, disturbance: str, moment: str) -> None:
    other = INTERFERENCES[disturbance]
    if disturbance not in home.one_after_the_other:
        orders = []
        for sync_first in (True, False):
            calls = [sync(1, AFTER), other(home.set_back())]
            with home.stage(READ_COMMITTED) as stage:
                for call in calls if sync_first else reversed(calls):
                    transaction(stage["S"], call)
            assert_sound(home.dsn)
            orders.append(contents(home.dsn))
        home.one_after_the_other[disturbance] = orders

    gate, commit_first = MOMENTS[moment]
    media_items = home.set_back()
    with home.stage(READ_COMMITTED) as stage:
        interleave(stage, sync(1, AFTER), other(media_items), gate, commit_first=commit_first)
    assert_sound(home.dsn)
    assert contents(home.dsn) in home.one_after_the_other[disturbance]


DISTURBANCES = [pytest.param(*case, id=", ".join(case)) for case in product(INTERFERENCES, MOMENTS)]


@pytest.mark.parametrize(("disturbance", "moment"), DISTURBANCES)
def test_a_sync_that_is_disturbed_ends_as_if_one_had_come_after_the_other(
    home: Home, disturbance: str, moment: str
) -> None:
    disturbed_sync(home, disturbance, moment)


@pytest.mark.parametrize("level", [REPEATABLE_READ, SERIALIZABLE], ids=["repeatable_read", "serializable"])
def test_levels_at_which_a_sync_does_not_see_the_latest_state_are_refused(dsn: str, level: IsolationLevel) -> None:
    refuses(dsn, level)


def refuses(dsn: str, level: IsolationLevel) -> None:
    calls = [
        sync(1, [film(1)]),
        sync_by_copy(1, [film(1)]),
        execute("select pymap.sync_client_items(1, 'plex', '[]', p_dry_run => true)"),
        execute("select pymap.apply_client_sync(1, 'plex')"),
    ]
    with session(dsn, level) as connection:
        for call in calls:
            with pytest.raises(psycopg.errors.FeatureNotSupported):
                call(connection)
            connection.rollback()
    assert count(dsn, "movie") == 0


def neighbours(dsn: str) -> None:
    with Stage(dsn) as stage:
        found = sync(1, [film(1, "imdb")], tenant_id=7)(stage["A"])
        stage["B"].execute("set lock_timeout = 1")
        assert sync(1, [film(1, "imdb")])(stage["B"]) != found
        assert sync(1, [film(2)], tenant_id=8)(stage["B"])
        stage["B"].commit()
        stage["A"].commit()
    assert count(dsn, "movie") == 3
    assert_sound(dsn)


def test_a_sync_does_not_wait_for_another_tenants(dsn: str) -> None:
    neighbours(dsn)


@COMMIT
def test_the_second_sync_of_a_client_waits_for_the_first(dsn: str, commit: bool) -> None:
    one, other = [film(1, "imdb"), film(2), film(3)], [film(3), film(2), film(4)]
    with Stage(dsn) as stage:
        of_a = sync(1, one)(stage["A"])
        of_b = stage.start("B", sync_by_copy(1, other), waits_for="A")
        stage["A"].commit() if commit else stage["A"].rollback()
        found = of_b.result()
        stage["B"].commit()
        kept = {key for key, media_item in of_a.items() if found.get(key) == media_item}
        assert kept == ({"2", "3"} if commit else set())
        mapped = execute("select array_agg(client_item_id) from pymap.sync_clients_list(1)")(stage["A"])
        assert sorted(mapped) == ["2", "3", "4"]
    assert count(dsn, "movie") == (4 if commit else 3)
    assert_sound(dsn)


def series_that_is_deleted(dsn: str) -> None:
    """Somebody else has locked its first episode; its second one is older than the series itself."""
    series, first = (
        item("s", "series", externalIds={"tvdb": "10"}),
        item("f", "episode", parentItemId="s", **numbers(1, 1)),
    )
    second = item("e", "episode", externalIds={"tvdb": "2"})
    children = [first, second | {"parentItemId": "s"} | numbers(1, 2)]
    run(dsn, sync(2, [second]), sync(2, [series, *children]))
    told = [series | {"externalIds": {"tvdb": "10", "imdb": "1"}}, second | {"externalIds": {"tvdb": "2", "imdb": "2"}}]
    with Stage(dsn) as stage:
        execute("update pymap.media_items set data = '{}' where number = 1 returning id")(stage["C"])
        delete = execute("delete from pymap.media_items where type = 'series' returning id")
        calls: dict[str, Future[Any]] = {"O": stage.start("O", delete, waits_for="C")}
        calls["S"] = stage.start("S", sync(3, told), waits_for="O")
        stage["C"].commit()
        stage.finish(calls)
    assert_sound(dsn)


def test_a_series_that_is_deleted_while_its_episodes_are_synced_leaves_nothing_half_done(dsn: str) -> None:
    """DELETE locks an item and then its children, whose IDs may be smaller: one of the two may have to try again."""
    with suppress(psycopg.errors.DeadlockDetected):
        series_that_is_deleted(dsn)
    assert_sound(dsn)


# Many sessions


def test_syncs_and_mappings_of_the_same_films_at_once_make_each_of_them_once(dsn: str) -> None:
    rounds, films = 6, 30

    def work(connection: Connection, number: int) -> None:
        dice = random.Random(number)
        for first in range(1, 1 + rounds * films, films):
            listing = [film(one, "imdb", "tmdb") for one in dice.sample(range(first, first + films), films - 5)]
            # Two sessions for each client; an odd session maps what an even one syncs.
            client_id = 1 + number // 2
            call: Work = dice.choice([sync, sync_by_copy])(client_id, listing)
            if number % 2:
                ids = {one["itemId"]: identified(one["externalIds"]) for one in listing}
                call = batch(dice.choice([client_id, 10 + number]), ids)
                if dice.random() < 0.3:
                    key = listing[0]["itemId"]
                    call = single(dice.choice([client_id, 10 + number]), key, ids[key])
            transaction(connection, call, roll_back=dice.random() < 0.2)

    together(dsn, READ_COMMITTED, work)
    assert shared_external_ids(dsn) == []
    run(dsn, sync(20, [film(one, "imdb", "tmdb") for one in range(1, 1 + rounds * films)]))
    assert count(dsn, "movie") == rounds * films
    with session(dsn) as connection:
        # Nor was a film made twice and merged afterwards.
        assert execute("select count(*) from pymap.media_items where merged_into is not null")(connection) == 0
    assert_sound(dsn)


#: What the servers know of a film or a series; two of them show that the others mean the same thing.
KNOWLEDGE = [("imdb",), ("tmdb",), ("tvdb",), ("imdb", "tmdb"), ("tmdb", "tvdb"), ("imdb", "tmdb", "tvdb")]


def untitled(listing: list[Item]) -> list[Item]:
    return [{key: value for key, value in one.items() if key not in ("title", "year")} for one in listing]


@searches
def test_syncs_that_merge_media_items_while_others_map_to_them_leave_no_trace_of_the_duplicates(dsn: str) -> None:
    films, series = range(1, 21), range(101, 105)

    def listing(dice: random.Random) -> list[Item]:
        listed = [film(one, *dice.choice(KNOWLEDGE)) for one in dice.sample(films, 15)]
        for one in dice.sample(series, 3):
            listed += episodes(one, 3, **film(one, *dice.choice(KNOWLEDGE))["externalIds"])
        dice.shuffle(listed)
        return untitled(listed)

    def work(connection: Connection, number: int) -> None:
        dice = random.Random(number)
        for _ in range(5 * SCALE):
            client_id = number + 1
            if number % 2:
                call: Work = dice.choice([sync, sync_by_copy])(client_id, listing(dice))
            else:
                told = {
                    f"{dice.randint(1, 10**6)}": identified(film(one, *dice.choice(KNOWLEDGE[:3]))["externalIds"])
                    for one in dice.sample(films, 10)
                }
                # Media items of different titles would not be united.
                call = dice.choice(
                    [
                        batch(client_id, told, titled=False),
                        single(client_id, *next(iter(told.items())), titled=False),
                    ]
                )
            transaction(connection, call, roll_back=dice.random() < 0.2)

    together(dsn, READ_COMMITTED, work)
    assert shared_external_ids(dsn) == []
    assert_sound(dsn)

    everything = [film(one, "imdb", "tmdb", "tvdb") for one in films]
    for one in series:
        everything += episodes(one, 3, **film(one, "imdb", "tmdb", "tvdb")["externalIds"])
    run(dsn, sync(20, untitled(everything)))
    assert shared_external_ids(dsn) == []
    assert [count(dsn, media_type) for media_type in ("movie", "series", "episode")] == [20, 4, 12]
    assert_sound(dsn)


def test_a_mapping_that_is_asked_for_while_its_client_is_synced_is_the_syncs(dsn: str) -> None:
    listing = [film(one, *["imdb"][: one % 2]) for one in range(1, 31)]

    def work(connection: Connection, number: int) -> set[tuple[str, int]]:
        dice = random.Random(number)
        dice.shuffle(listed := list(listing))
        if number < 2:
            return set(transaction(connection, dice.choice([sync, sync_by_copy])(1, listed)).items())
        ids = {one["itemId"]: identified(one["externalIds"]) for one in listed}
        if number < 4:
            return set(transaction(connection, batch(1, ids)).items())
        return {(key, transaction(connection, single(1, key, ids[key]))) for key in ids}

    found = set().union(*together(dsn, READ_COMMITTED, work))
    with session(dsn) as connection:
        rows = connection.execute("select client_item_id, media_item_id from pymap.sync_clients_list(1)").fetchall()
    assert set(rows) == found
    assert len(found) == count(dsn, "movie") == len(listing)
    assert_sound(dsn)


# What the tests notice


def overtaken(dsn: str, disturbance: str) -> None:
    """A disturbance that commits while the sync stands between matching and writing."""
    home = Home(dsn)
    home.build()
    try:
        disturbed_sync(home, disturbance, "commits before the sync writes")
    finally:
        home.close()


def no_lock_of_syncs(dsn: str) -> None:
    mutate(dsn, "_sync_listing", "perform pymap._lock_tenant('identity',", ";", "")


def one_lock_for_all_tenants(dsn: str) -> None:
    mutate(dsn, "_lock_tenant", "l.tenant_id =", "p_tenant_id", "l.tenant_id = 0")


def syncs_at_any_level(dsn: str) -> None:
    mutate(dsn, "_require_read_committed", "if current_setting(", "end if;", "")


def no_look_at_what_was_matched(dsn: str) -> None:
    mutate(dsn, "_lock_items", "if v_changed", "end if;", "")


def no_look_for_new_holders(dsn: str) -> None:
    mutate(dsn, "_claim_external_ids", "if v_unknown", "end if;", "")


def no_look_at_lost_claims(dsn: str) -> None:
    mutate(dsn, "_claim_mappings", "if v_claimed < v_added then", "end if;", "")


MUTANTS: list[tuple[Callable[[str], None], Callable[[str], None], type[BaseException]]] = [
    *(
        (no_lock_of_syncs, lambda dsn, kind=kind: two_clients_list_the_same(dsn, kind), AssertionError)
        for kind in NEW_THINGS
    ),
    (one_lock_for_all_tenants, neighbours, psycopg.errors.LockNotAvailable),
    (syncs_at_any_level, lambda dsn: refuses(dsn, REPEATABLE_READ), pytest.fail.Exception),
    (no_look_at_what_was_matched, lambda dsn: overtaken(dsn, "contradict titled of 2"), AssertionError),
    (no_look_for_new_holders, lambda dsn: overtaken(dsn, "map created for client 4"), AssertionError),
    (no_look_at_lost_claims, lambda dsn: overtaken(dsn, "map nameless"), psycopg.Error),
]


@pytest.mark.parametrize(("mutant", "scenario", "noticed"), MUTANTS, ids=[mutant.__name__ for mutant, _, _ in MUTANTS])
def test_the_suite_notices_a_sync_without_its_precautions(
    scratch: str, mutant: Callable[[str], None], scenario: Callable[[str], None], noticed: type[BaseException]
) -> None:
    mutant(scratch)
    with pytest.raises(noticed):
        scenario(scratch)


# Killed


#: A server that runs until its standard input ends, so that killing it disturbs nobody else.
SERVE = """
import sys
from pathlib import Path
from pymap.embedded import start_embedded_server
print(start_embedded_server(Path(sys.argv[1]), version=int(sys.argv[2])), flush=True)
sys.stdin.read()
"""
#: A client that syncs the items which stand on the lines of its standard input.
SYNC = """
import json, sys
import psycopg
import pymap
with psycopg.connect(sys.argv[1]) as connection:
    pymap.ClientMediaItemHelper(connection).sync(1, "plex", map(json.loads, sys.stdin))
"""
PATIENCE = 120


class Mortal:
    """An embedded server of the test's own, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        choice = os.environ.get("PYMAP_TEST_SERVER", "embedded")
        self._version = "16" if choice == "embedded-16" else "18"

    def start(self) -> Server:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVE, self.folder, self._version],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        dsn = self._process.stdout.readline().strip()
        assert dsn
        return Server(dsn)

    def stop(self) -> None:
        self._process.communicate(timeout=PATIENCE)

    def kill(self) -> None:
        """Kill the postmaster, and wait for its children to notice."""
        pidfile = self.folder / "postmaster.pid"
        postmaster = psutil.Process(int(pidfile.read_text().splitlines()[0]))
        processes = [postmaster, *postmaster.children(recursive=True)]
        postmaster.kill()
        patiently(lambda: not any(lives(process) for process in processes))
        # Where nobody collects the dead, its process ID still looks alive to the next server.
        if psutil.pid_exists(postmaster.pid):
            pidfile.unlink()
        self.stop()


def lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def patiently(condition: Callable[[], T]) -> T:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not (result := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return result


def library(size: int) -> list[Item]:
    """What client 1 has listed before, films and episodes."""
    listing = [film(one, "imdb") for one in range(1, size)]
    for one in range(1, size // 100):
        listing += episodes(one, 20, tvdb=str(one))
    return listing


def library_of_client_2(size: int) -> list[Item]:
    """Partly the same films, known by other IDs and without titles."""
    return untitled([film(one, "tmdb") for one in range(size // 2, size + size // 2)])


def library_now(size: int) -> list[Item]:
    """What client 1 lists next: some films are gone, most are told more of, half of those merge two, others are new."""
    listing = [film(one, "imdb", "tmdb") for one in range(size // 20, 2 * size)]
    for one in range(1, size // 50):
        listing += episodes(one, 30, tvdb=str(one))
    return listing


@dataclass
class Siege:
    """Databases on a server that may be killed, all with the same contents."""

    mortal: Mortal
    server: Server
    template: str
    listing: Path
    before: dict[str, Any]
    undisturbed: Counter[str]


SIZE = 1_000 * SCALE


@pytest.fixture(scope="module")
def siege() -> Iterator[Siege]:
    folder = server_folder()
    listing = folder / "listing"
    listing.write_text("".join(f"{json.dumps(one)}\n" for one in library_now(SIZE)))
    mortal = Mortal(folder / "data")
    server = mortal.start()
    with ExitStack() as stack:
        stack.callback(mortal.stop)
        dsn = stack.enter_context(server.database())
        migrate(dsn)
        run(dsn, sync_by_copy(1, library(SIZE)), sync_by_copy(2, library_of_client_2(SIZE)))
        template = conninfo_to_dict(dsn)["dbname"]
        assert isinstance(template, str)
        with server.database(template) as other_dsn, started(other_dsn, listing.open()) as client:
            assert client.wait(PATIENCE) == 0
            undisturbed = contents(other_dsn)
        yield Siege(mortal, server, template, listing, stored(dsn), undisturbed)


@pytest.fixture
def besieged(siege: Siege) -> Iterator[str]:
    with siege.server.database(siege.template) as dsn:
        yield dsn


def stored(dsn: str) -> dict[str, Any]:
    """A fingerprint of every table."""
    with session(dsn) as connection:
        tables = connection.execute(
            "select relname from pg_class where relnamespace = 'pymap'::regnamespace and relkind = 'r'"
        ).fetchall()
        return {
            table: connection.execute(
                f"select count(*), md5(string_agg(t::text, ' ' order by t::text)) from pymap.{table} as t".encode()
            ).fetchone()
            for (table,) in tables
        }


@contextmanager
def started(dsn: str, stdin: Any) -> Iterator[subprocess.Popen[str]]:
    """A client that syncs what it reads."""
    process = subprocess.Popen(
        [sys.executable, "-c", SYNC, make_conninfo(dsn, application_name="client")],
        stdin=stdin,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        if stdin != subprocess.PIPE:
            stdin.close()


def backend(dsn: str) -> int:
    """The process of the server that works for the client, 0 if there is none."""
    with session(dsn) as connection:
        return int(
            execute(
                "select coalesce(min(pid), 0) from pg_stat_activity "
                "where application_name = 'client' and datname = current_database()"
            )(connection)
        )


@contextmanager
def applying(siege: Siege, dsn: str, obstacle: Work) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A client whose sync has come to an obstacle: something that another session has locked."""
    with closing(psycopg.connect(dsn)) as other, started(dsn, siege.listing.open()) as client:
        obstacle(other)
        pid = patiently(lambda: backend(dsn))
        blocked = execute("select %s = any (pg_blocking_pids(%s))", other.info.backend_pid, pid)

        def waits() -> bool:
            assert client.poll() is None
            with session(dsn) as observer:
                return bool(blocked(observer))

        patiently(waits)
        yield client, pid


#: Where the sync is stopped: when it has half of its keys, and when all but the last thing is written.
OBSTACLES = {
    "it claims its keys": single(1, str(2 * SIZE - SIZE // 3)),
    "it has written": execute("select client_id from pymap.clients where client_id = 1 for update"),
}


def assert_nothing_half_done(siege: Siege, dsn: str) -> None:
    assert stored(dsn) == siege.before
    with started(dsn, siege.listing.open()) as client:
        assert client.wait(PATIENCE) == 0
    assert contents(dsn) == siege.undisturbed
    assert_sound(dsn)


def test_a_client_that_is_killed_while_it_sends_its_listing_leaves_nothing(siege: Siege, besieged: str) -> None:
    with started(besieged, subprocess.PIPE) as client:
        assert client.stdin
        client.stdin.writelines(siege.listing.read_text().splitlines(keepends=True)[:-1])
        client.stdin.flush()

        def copied() -> bool:
            assert client.poll() is None
            with session(besieged) as observer:
                return bool(
                    execute(
                        "select count(*) from pg_stat_activity where datname = current_database()"
                        " and application_name = 'client' and state = 'idle in transaction' and query ilike 'copy %%'"
                    )(observer)
                )

        patiently(copied)
        client.kill()
        patiently(lambda: not backend(besieged))
    assert_nothing_half_done(siege, besieged)


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_a_client_that_is_killed_while_its_sync_is_applied_leaves_nothing(
    siege: Siege, besieged: str, obstacle: str
) -> None:
    with applying(siege, besieged, OBSTACLES[obstacle]) as (client, _):
        client.kill()
        client.wait()
    # The server finds out when it has a result that nobody takes.
    patiently(lambda: not backend(besieged))
    assert_nothing_half_done(siege, besieged)


@pytest.mark.parametrize(("victim", "obstacle"), [*zip(["backend", "postmaster"], OBSTACLES, strict=True)])
def test_a_server_that_is_killed_while_it_applies_a_sync_has_applied_nothing(
    siege: Siege, besieged: str, victim: str, obstacle: str
) -> None:
    with applying(siege, besieged, OBSTACLES[obstacle]) as (client, pid):
        if victim == "backend":
            os.kill(pid, signal.SIGKILL)
        else:
            siege.mortal.kill()
            assert siege.mortal.start().dsn == siege.server.dsn
        assert client.wait(PATIENCE) != 0
        assert client.stderr
        assert "server closed the connection" in client.stderr.read()
    patiently(lambda: accepts(besieged))
    assert_nothing_half_done(siege, besieged)


def accepts(dsn: str) -> bool:
    """Whether the server is up; one whose backend was killed ends all the others first."""
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return False
    return True
