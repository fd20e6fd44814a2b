"""Syncing a listing through the Python helpers: every test runs on both."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import weakref
from collections.abc import AsyncIterator, Iterable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg import errors, rows

import pymap
from pymap import _sync
from tests.conftest import Server

UNUSABLE = {"error": "The entry has no ID: Id is missing.", "entry": {}}
NOTHING = dict.fromkeys(pymap.models.ACTIONS, 0)


def movie(number: int, **fields: Any) -> pymap.Item:
    return pymap.Item(item_id=str(number), type="movie", title=f"Film {number}", year=2000, **fields)


def movies(count: int) -> Iterator[pymap.Item]:
    return (movie(number) for number in range(1, count + 1))


def mappings(dsn: str, client_id: int = 1) -> dict[str, int]:
    """The mappings that a client has for everybody else."""
    with psycopg.connect(dsn) as other:
        return pymap.ClientMediaItemHelper(other).sync_clients_list(client_id, "movie")


class Raised(Exception):
    """An exception of the caller's."""


def broken_after(count: int, error: BaseException) -> Iterator[pymap.Item]:
    yield from movies(count)
    raise error


# What it does


def test_a_listing_is_mapped_and_counted(helper: Any) -> None:
    film = helper.get_or_create_mapping(2, "emby", "7", "movie", "Seven", {}, {"imdb": "tt0114369"})
    found: list[pymap.MappedItem] = []
    listing = [
        pymap.Item(item_id="1", type="movie", external_ids={"imdb": "tt0114369"}),
        {"itemId": "2", "type": "movie", "title": "Alien", "year": 1979},
        UNUSABLE,
        pymap.Item(item_id="3", type="artist", title="Björk"),
    ]
    summary = helper.sync(1, "plex", listing, on_row=found.append)
    assert summary == pymap.SyncSummary(
        {"movie": NOTHING | {"matched": 1, "created": 1}, "artist": NOTHING | {"created": 1}}, unusable=1
    )
    assert (summary.total("created"), summary.total("matched"), summary.total("kept")) == (2, 1, 0)
    mapped = helper.sync_clients_list(1)
    assert found == [
        pymap.MappedItem("1", "movie", film, "matched"),
        pymap.MappedItem("2", "movie", mapped["2"], "created"),
        pymap.MappedItem(None, None, None, "unusable"),
        pymap.MappedItem("3", "artist", mapped["3"], "created"),
    ]


def test_the_items_may_be_read_on_the_connection_of_the_sync(dsn: str) -> None:
    pages = [
        {"Items": [{"Id": f"{page * 700 + number:032x}", "Type": "Movie", "Name": "A"} for number in range(700)]}
        for page in range(3)
    ]
    with psycopg.connect(dsn) as connection:
        helper = pymap.ClientMediaItemHelper(connection)
        items = (item for page in pages for item in helper.items_from_response("jellyfin", page))
        assert helper.sync(1, "jellyfin", items).total("created") == 2100


def test_the_items_may_be_read_asynchronously_on_the_connection_of_the_sync(dsn: str) -> None:
    async def sync() -> pymap.SyncSummary:
        async with await psycopg.AsyncConnection.connect(dsn) as connection:
            helper = pymap.AsyncClientMediaItemHelper(connection)

            async def items() -> AsyncIterator[dict[str, Any]]:
                for page in range(3):
                    for item in await helper.items_from_response("jellyfin", {"Items": [
                        {"Id": f"{page * 700 + number:032x}", "Type": "Movie", "Name": "A"} for number in range(700)
                    ]}):  # fmt: skip
                        yield item

            return await helper.sync(1, "jellyfin", items())

    assert asyncio.run(sync()).total("created") == 2100


def test_what_is_listed_again_is_kept_and_what_is_not_is_removed_last(helper: Any) -> None:
    helper.sync(1, "plex", movies(3))
    before = helper.sync_clients_list(1)
    found: list[pymap.MappedItem] = []
    summary = helper.sync(1, "plex", [movie(3), movie(1)], on_row=found.append)
    assert summary.counts == {"movie": NOTHING | {"kept": 2, "removed": 1}}
    assert found == [
        pymap.MappedItem("3", "movie", before["3"], "kept"),
        pymap.MappedItem("1", "movie", before["1"], "kept"),
        pymap.MappedItem("2", "movie", before["2"], "removed"),
    ]
    assert helper.sync_clients_list(1) == {"1": before["1"], "3": before["3"]}


def test_sync_client_items_does_the_same_in_one_call(helper: Any) -> None:
    streamed: list[pymap.MappedItem] = []
    listing = [movie(1, external_ids={"imdb": "tt0114369"}), UNUSABLE, movie(2, external_ids={"imdb": "tt0078748"})]
    helper.sync(1, "plex", listing, on_row=streamed.append)
    called = helper.sync_client_items(2, "plex", iter(listing))
    assert [row.action for row in streamed] == ["created", "unusable", "created"]
    assert called == [dataclasses.replace(row, action=row.action.replace("created", "matched")) for row in streamed]
    (removed,) = helper.sync_client_items(2, "plex", [], media_types=["movie"], dry_run=True)[1:]
    assert (removed.client_item_id, removed.action) == ("2", "removed")


def test_an_empty_listing_of_no_named_type_removes_nothing(helper: Any) -> None:
    helper.sync(1, "plex", movies(2))
    assert helper.sync(1, "plex", []) == pymap.SyncSummary({}, unusable=0)
    assert helper.sync(1, "plex", [], media_types=["movie"]).counts == {"movie": NOTHING | {"removed": 2}}


def test_only_the_media_types_that_a_listing_covers_lose_mappings(helper: Any) -> None:
    artist = pymap.Item(item_id="9", type="artist", title="Björk")
    helper.sync(1, "plex", [movie(1), artist])
    assert helper.sync(1, "plex", [movie(1)]).total("removed") == 0
    assert helper.sync(1, "plex", [artist], media_types=iter(["artist"])).total("removed") == 0
    assert helper.sync(1, "plex", [artist], media_types=["artist", "movie"]).counts["movie"]["removed"] == 1


def test_every_field_of_an_item_arrives(helper: Any, connection: Any, flavour: Any) -> None:
    album = pymap.Item(item_id="8", type="album", title="Debut", year=1993, artist="Björk")
    track = pymap.Item(
        item_id="9",
        type="track",
        title='Tab\t, "quote", back\\slash,\nnew line, \\N, é, 文, \U0001f3b5',
        year=1993,
        external_ids=[{"source": "isrc", "id": "GBAAN9300005"}],
        parent_item_id="8",
        disc_number=2,
        track_number=3,
        data={"path": "C:\\Music\\x"},
    )
    helper.sync(1, "plex", [album, track])
    cursor = flavour.run(
        connection.execute(
            """
            select title, release_year, external_ids -> 0 ->> 'id', parent_number, number, data ->> 'path'
            from pymap.media_items
            where id = %s
            """,
            [helper.get_media_item_by_client_id(1, "9")],
        )
    )
    assert flavour.run(cursor.fetchone()) == (track.title, 1993, "GBAAN9300005", 2, 3, "C:\\Music\\x")
    parent = flavour.run(connection.execute("select parent_id from pymap.media_items where number = 3"))
    assert flavour.run(parent.fetchone()) == (helper.get_media_item_by_client_id(1, "8"),)


def test_an_item_names_every_field_in_json() -> None:
    keys = {"itemId", "type", "title", "year", "externalIds", "parentItemId", "seasonNumber", "episodeNumber"}
    filled = {field.name: f"{field.name}!" for field in dataclasses.fields(pymap.Item)}
    shown = pymap.Item(**filled).as_json()
    assert shown.keys() == keys | {"discNumber", "trackNumber", "artist", "path", "data"}
    assert set(shown.values()) == set(filled.values())


def test_a_tenant_has_a_listing_of_its_own(flavour: Any, connection: Any) -> None:
    home, neighbour = flavour.helper(connection), flavour.helper(connection, tenant_id=7)
    home.sync(1, "plex", movies(2))
    assert neighbour.sync(1, "emby", [movie(1)]).counts == {"movie": NOTHING | {"created": 1}}
    assert len(home.sync_clients_list(1)) == 2


def test_the_methods_about_doubtful_matches(helper: Any) -> None:
    for item in ("a", "b"):
        helper.get_or_create_mapping(1, "plex", item, "movie", "Solaris", release_year=1972)
    helper.sync(3, "plex", [pymap.Item(item_id="c", type="movie", title="Solaris", year=1972)])
    one, two, three = (helper.get_media_item_by_client_id(n, item) for n, item in ((1, "a"), (1, "b"), (3, "c")))
    assert len({one, two, three}) == 3
    candidates = helper.get_review_candidates()
    assert candidates == [
        pymap.ReviewCandidate(three, candidate, "title", 10, {"title": 7, "year": 3}, candidates[0].noted_at)
        for candidate in (one, two)
    ]
    assert candidates[0].noted_at.tzinfo
    assert helper.get_review_candidates(three) == candidates
    assert helper.get_review_candidates(media_item_id=one) == []
    assert helper.resolve_media_item(three) == three
    with pytest.raises(pymap.MediaItemNotFound):
        helper.resolve_media_item(10**15)


# Dry run and guard


def test_a_dry_run_tells_the_same_and_writes_nothing(helper: Any) -> None:
    helper.sync(1, "plex", movies(2))
    before = helper.sync_clients_list(1)
    told: list[pymap.MappedItem] = []
    done: list[pymap.MappedItem] = []
    listing = [movie(2), movie(3)]
    dry = helper.sync(1, "plex", listing, dry_run=True, on_row=told.append)
    assert helper.sync_clients_list(1) == before
    assert helper.sync_client_items(1, "plex", listing, dry_run=True) == told
    assert helper.sync_clients_list(1) == before
    assert helper.sync(1, "plex", listing, on_row=done.append) == dry
    assert [(row.client_item_id, row.action) for row in told] == [("2", "kept"), ("3", "created"), ("1", "removed")]
    assert [(row.client_item_id, row.action) for row in done] == [("2", "kept"), ("3", "created"), ("1", "removed")]
    assert [row.media_item_id for row in told] == [before["2"], None, before["1"]]


@pytest.mark.parametrize("dry_run", [False, True])
def test_too_many_removals_are_refused(flavour: Any, dsn: str, dry_run: bool) -> None:
    helper = flavour.helper(flavour.connect(dsn, autocommit=True))
    helper.sync(1, "plex", movies(100))
    before = mappings(dsn)
    with pytest.raises(pymap.SyncRefused) as raised:
        helper.sync(1, "plex", movies(40), dry_run=dry_run)
    assert raised.value.detail
    assert raised.value.hint
    assert raised.value.__cause__.sqlstate == "PM004"
    assert mappings(dsn) == before


@pytest.mark.parametrize(
    "options",
    [{"allow_removals": True}, {"max_removed_fraction": 0.6}, {"max_removed_fraction": Decimal("0.6")}],
    ids=["allowed", "fraction", "decimal"],
)
def test_removals_can_be_allowed(helper: Any, options: dict[str, Any]) -> None:
    helper.sync(1, "plex", movies(100))
    for dry_run in (True, False):
        assert helper.sync(1, "plex", movies(40), dry_run=dry_run, **options).total("removed") == 60


@pytest.mark.parametrize("fraction", [-1, 1.5, float("nan")])
def test_a_fraction_that_is_none_is_a_bad_argument(helper: Any, fraction: float) -> None:
    with pytest.raises(pymap.InvalidArgument, match="p_max_removed_fraction"):
        helper.sync(1, "plex", [], max_removed_fraction=fraction)


# In constant memory


class Entry(dict[str, Any]):
    """An item whose end can be watched."""

    __slots__ = ("__weakref__",)


class Watch:
    """Makes items, and remembers how many of them lived at once."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.made = 0
        self.alive: weakref.WeakSet[Entry] = weakref.WeakSet()
        self.most_alive = 0

    def items(self) -> Iterator[Entry]:
        for number in range(self.count):
            entry = Entry(itemId=str(number), type="movie")
            self.made += 1
            self.alive.add(entry)
            self.most_alive = max(self.most_alive, len(self.alive))
            yield entry


Entry.__hash__ = object.__hash__  # type: ignore[method-assign]


def test_the_items_of_a_long_listing_are_never_held_together(helper: Any) -> None:
    watch = Watch(20_000)
    summary = helper.sync(1, "plex", watch.items(), dry_run=True)
    assert summary.counts == {"movie": NOTHING | {"created": 20_000}}
    assert watch.made == 20_000
    assert watch.most_alive <= 2 * _sync.UPLOAD_STEP


def test_the_rows_of_a_long_result_are_never_held_together(helper: Any) -> None:
    count = 0
    most_alive = 0

    def look(row: pymap.MappedItem) -> None:
        nonlocal count, most_alive
        count += 1
        if count % 2_500 == 0:
            alive = sum(type(value) is pymap.MappedItem for value in gc.get_objects())
            most_alive = max(most_alive, alive)

    helper.sync(1, "plex", movies(10_000), dry_run=True, on_row=look)
    assert count == 10_000
    assert 0 < most_alive <= 2 * _sync.FETCH_SIZE + 1


def test_an_item_is_asked_for_only_when_the_one_before_was_sent(helper: Any) -> None:
    sent: list[int] = []
    asked: list[int] = []

    def listing() -> Iterator[pymap.Item]:
        for number in range(1, 3_001):
            asked.append(number)
            yield movie(number)

    helper.sync(1, "plex", listing(), dry_run=True, progress=lambda _, done, total: sent.append(done - len(asked)))
    uploads = sent[:4]
    assert uploads == [0, 0, 0, 0]


# Progress


def test_progress_tells_the_upload_and_then_the_phases_of_the_server(helper: Any) -> None:
    told: list[tuple[str, int, int | None]] = []
    helper.sync(1, "plex", movies(2_500), progress=lambda *report: told.append(report))
    assert told[:4] == [("upload", done, None) for done in (0, 1_000, 2_000, 2_500)]
    assert told[4:] == [
        ("checking", 0, 2_500),
        ("reading", 0, 2_500),
        *(("matching", done, 2_500) for done in (0, 833, 1_666, 2_500)),
        *(("writing", done, 2_500) for done in (0, 0, 2_500)),
    ]


def test_progress_counts_the_entries_of_all_levels(helper: Any) -> None:
    listing = [
        {"itemId": "s", "type": "series", "title": "Lost"},
        {"itemId": "m", "type": "movie", "title": "Heat"},
        *({"itemId": f"e{n}", "type": "episode", "parentItemId": "s", "episodeNumber": n} for n in range(1, 10)),
    ]
    told: list[tuple[str, int, int | None]] = []
    helper.sync(1, "plex", listing, progress=lambda *report: told.append(report))
    assert [done for phase, done, _ in told if phase == "matching"] == [0, 0, 1, 2, 2, 5, 8, 11]
    assert {total for phase, _, total in told if phase != "upload"} == {11}


def test_progress_of_an_unchanged_listing_ends_with_checking(helper: Any) -> None:
    helper.sync(1, "plex", movies(3))
    told: list[str] = []
    helper.sync(1, "plex", movies(3), progress=lambda phase, *_: told.append(phase))
    assert told == ["upload", "upload", "checking"]


def test_progress_leaves_out_the_notices_of_others(helper: Any, connection: Any, flavour: Any) -> None:
    flavour.run(
        connection.execute(
            """
            create function pg_temp.say() returns trigger language plpgsql
            as $$ begin raise notice 'from the application'; return null; end $$;
            create trigger say after insert on pymap.media_items execute function pg_temp.say();
            """
        )
    )
    told: list[str] = []
    notices: list[str] = []
    connection.add_notice_handler(lambda notice: notices.append(notice.message_primary))
    helper.sync(1, "plex", movies(1), progress=lambda phase, *_: told.append(phase))
    assert "from the application" in notices
    assert [f"pymap: {phase}" for phase in told if phase != "upload"] == [
        notice.rpartition(" ")[0].rpartition(" ")[0].rpartition(" ")[0]
        for notice in notices
        if notice != "from the application"
    ]


def test_progress_of_nothing_is_told_too(helper: Any) -> None:
    told: list[tuple[str, int, int | None]] = []
    helper.sync(1, "plex", [], progress=lambda *report: told.append(report))
    assert told == [("upload", 0, None), ("checking", 0, 0)]


def test_progress_ends_with_the_sync(helper: Any, connection: Any, flavour: Any) -> None:
    told: list[str] = []
    notices: list[str] = []
    connection.add_notice_handler(lambda notice: notices.append(notice.message_primary))
    helper.sync(1, "plex", movies(2), progress=lambda phase, *_: told.append(phase))
    before = list(told)
    flavour.run(connection.execute("do $$ begin raise notice 'pymap: afterwards 1 of 2'; end $$"))
    assert notices[-1] == "pymap: afterwards 1 of 2"
    assert told == before


def test_progress_ends_with_a_sync_that_fails(helper: Any, connection: Any, flavour: Any) -> None:
    told: list[str] = []
    with pytest.raises(pymap.InvalidArgument):
        helper.sync(1, "plex", [{"itemId": "1", "type": "hologram"}], progress=lambda phase, *_: told.append(phase))
    before = list(told)
    flavour.run(connection.execute("do $$ begin raise notice 'pymap: afterwards 1 of 2'; end $$"))
    assert told == before


def test_the_server_is_silent_where_nobody_asks_for_progress(helper: Any, connection: Any) -> None:
    notices: list[str] = []
    connection.add_notice_handler(lambda notice: notices.append(notice.message_primary))
    helper.sync(1, "plex", movies(2))
    assert notices == []


# Transactions


def test_nothing_is_committed_on_an_idle_connection(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn)
    helper = flavour.helper(connection)
    helper.sync(1, "plex", movies(2))
    assert mappings(dsn) == {}
    flavour.run(connection.commit())
    assert mappings(dsn).keys() == {"1", "2"}


def test_a_rollback_takes_a_sync_back(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn)
    helper = flavour.helper(connection)
    helper.sync(1, "plex", movies(2))
    flavour.run(connection.rollback())
    assert helper.sync_clients_list(1) == {}
    flavour.run(connection.commit())
    assert mappings(dsn) == {}


def test_one_transaction_can_hold_several_syncs(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn)
    helper = flavour.helper(connection)
    helper.sync(1, "plex", movies(2))
    helper.sync(2, "emby", [movie(2), movie(3)])
    helper.sync(1, "plex", movies(1))
    assert mappings(dsn) == {}
    flavour.run(connection.commit())
    assert mappings(dsn, 1).keys() == {"1"}
    assert mappings(dsn, 2).keys() == {"2", "3"}


def test_an_autocommit_connection_keeps_a_sync_and_nothing_of_its_listing(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn, autocommit=True)
    helper = flavour.helper(connection)
    for _ in range(2):
        helper.sync(1, "plex", movies(2), progress=lambda *_: None)
        assert mappings(dsn).keys() == {"1", "2"}
        cursor = flavour.run(
            connection.execute(
                "select (select count(*) from pg_temp.pymap_listing), (select count(*) from pg_temp.pymap_begun),"
                " current_setting('pymap.progress', true)"
            )
        )
        assert flavour.run(cursor.fetchone()) in [(0, 0, None), (0, 0, "")]


def test_a_transaction_of_the_callers_takes_the_sync_of_an_autocommit_connection_back(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn, autocommit=True)
    helper = flavour.helper(connection)
    flavour.run(connection.execute("begin"))
    helper.sync(1, "plex", movies(2))
    flavour.run(connection.execute("rollback"))
    assert mappings(dsn) == {}


def test_a_pool_commits_a_sync(flavour: Any, dsn: str) -> None:
    helper = flavour.helper(flavour.pool(dsn))
    assert helper.sync(1, "plex", movies(2)).total("created") == 2
    assert mappings(dsn).keys() == {"1", "2"}


def test_a_pool_goes_on_after_a_sync_that_failed(flavour: Any, dsn: str) -> None:
    helper = flavour.helper(flavour.pool(dsn))
    for _ in range(3):
        with pytest.raises(Raised):
            helper.sync(1, "plex", broken_after(3, Raised()))
        with pytest.raises(pymap.InvalidArgument):
            helper.sync(1, "plex", [movie(1), {"itemId": "2"}])
    assert helper.sync_clients_list(1) == {}


# What is raised on the way


@pytest.mark.parametrize("autocommit", [False, True])
@pytest.mark.parametrize(
    "error",
    [Raised("mine"), errors.InvalidParameterValue("mine"), pymap.SyncRefused("mine"), KeyboardInterrupt()],
    ids=["own", "of a database", "of pymap", "interrupt"],
)
def test_an_iterable_that_raises_leaves_nothing(flavour: Any, dsn: str, autocommit: bool, error: BaseException) -> None:
    connection = flavour.connect(dsn, autocommit=autocommit)
    helper = flavour.helper(connection)
    helper.get_or_create_mapping(1, "plex", "before", "movie", "Alien")
    with pytest.raises(type(error)) as raised:
        helper.sync(1, "plex", broken_after(1_500, error))
    assert raised.value is error
    assert error.__cause__ is None
    helper.get_or_create_mapping(1, "plex", "after", "movie", "Seven")
    flavour.run(connection.commit())
    assert mappings(dsn).keys() == {"before", "after"}


def raising(*_: object) -> None:
    raise Raised


def raising_in_a_phase(phase: str, *_: object) -> None:
    if phase != "upload":
        raise Raised


@pytest.mark.parametrize("autocommit", [False, True])
@pytest.mark.parametrize(
    "callback",
    [{"on_row": raising}, {"progress": raising}, {"progress": raising_in_a_phase}],
    ids=["row", "upload", "phase"],
)
def test_a_callback_that_raises_leaves_nothing(
    flavour: Any, dsn: str, autocommit: bool, callback: dict[str, Any]
) -> None:
    connection = flavour.connect(dsn, autocommit=autocommit)
    helper = flavour.helper(connection)
    for listing in (movies(1), movies(2_500)):
        with pytest.raises(Raised):
            helper.sync(1, "plex", listing, **callback)
    assert helper.sync(1, "plex", movies(1)).total("created") == 1
    flavour.run(connection.commit())
    assert mappings(dsn).keys() == {"1"}


def test_a_bad_item_is_named_and_nothing_is_written(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn)
    helper = flavour.helper(connection)
    with pytest.raises(pymap.InvalidArgument, match=r"\[1\]\.type.*hologram") as raised:
        helper.sync(1, "plex", [movie(1), {"itemId": "2", "type": "hologram"}])
    assert isinstance(raised.value.__cause__, psycopg.Error)
    flavour.run(connection.commit())
    assert mappings(dsn) == {}


@pytest.mark.parametrize(
    ("client_id", "client_type", "exception"),
    [(0, "plex", pymap.InvalidArgument), (1, "No Type", pymap.InvalidArgument), (1, "emby", pymap.ClientTypeMismatch)],
)
def test_a_wrong_client_is_refused_before_an_item_is_asked_for(
    helper: Any, client_id: int, client_type: str, exception: type[pymap.PymapError]
) -> None:
    helper.sync(1, "plex", movies(1))
    asked = movies(1)
    with pytest.raises(exception):
        helper.sync(client_id, client_type, asked)
    assert len(list(asked)) == 1


def test_an_unknown_media_type_is_a_bad_argument(helper: Any) -> None:
    with pytest.raises(pymap.InvalidArgument, match="hologram"):
        helper.sync(1, "plex", [], media_types=["hologram"])


@pytest.mark.parametrize(
    ("item", "exception"),
    [
        ({"itemId": "1", "type": "movie", "title": object()}, TypeError),
        ({"itemId": "1", "type": "movie", "year": float("nan")}, psycopg.DataError),
        ({"itemId": "1", "type": "movie", "title": "\0"}, psycopg.DataError),
    ],
    ids=["no JSON", "NaN", "NUL"],
)
def test_an_item_that_cannot_be_sent_leaves_nothing(helper: Any, item: Any, exception: type[Exception]) -> None:
    with pytest.raises(exception):
        helper.sync(1, "plex", [movie(1), item, movie(2)])
    assert helper.sync_clients_list(1) == {}


def test_a_failed_transaction_stays_failed(helper: Any, connection: Any, flavour: Any) -> None:
    with pytest.raises(pymap.InvalidArgument):
        helper.sync_clients_list(0)
    with pytest.raises(errors.InFailedSqlTransaction):
        helper.sync(1, "plex", movies(1))
    flavour.run(connection.rollback())
    assert helper.sync(1, "plex", movies(1)).total("created") == 1


def test_a_server_that_goes_away_raises_psycopgs_own_error(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn)

    def listing() -> Iterator[pymap.Item]:
        yield movie(1)
        with psycopg.connect(dsn) as other:
            other.execute("select pg_terminate_backend(%s, 10000)", [connection.info.backend_pid])
        yield from movies(100_000)

    with pytest.raises(psycopg.OperationalError):
        flavour.helper(connection).sync(1, "plex", listing())
    assert mappings(dsn) == {}


def test_a_database_without_pymap_raises_psycopgs_own_error(flavour: Any, server: Server) -> None:
    with server.database() as empty:
        connection = flavour.connect(empty)
        with pytest.raises(errors.InvalidSchemaName):
            flavour.helper(connection).sync(1, "plex", movies(1))
        flavour.run(connection.close())


# Connections of every kind


@pytest.mark.parametrize("factory", ["dict_row", "tuple_row", "namedtuple_row", "scalar_row"])
def test_the_row_factory_of_a_connection_does_not_matter(flavour: Any, shared_dsn: str, factory: str) -> None:
    connection = flavour.connect(shared_dsn, row_factory=getattr(rows, factory))
    found: list[pymap.MappedItem] = []
    flavour.helper(connection).sync(1, "plex", movies(2), on_row=found.append, progress=lambda *_: None)
    assert [type(row) for row in found] == [pymap.MappedItem] * 2


def test_a_role_that_may_write_can_sync_and_one_that_reads_cannot(helper: Any, connection: Any, flavour: Any) -> None:
    flavour.run(connection.execute("set role pymap_writer"))
    assert helper.sync(1, "plex", movies(2), progress=lambda *_: None).total("created") == 2
    flavour.run(connection.execute("set role pymap_reader"))
    with pytest.raises(errors.InsufficientPrivilege):
        helper.sync(1, "plex", movies(2))
    assert helper.sync_clients_list(1).keys() == {"1", "2"}


@pytest.mark.parametrize(
    "options",
    [
        {"prepare_threshold": None},
        {"prepare_threshold": 0},
        {"options": "-c search_path="},
        {"options": "-c client_encoding=LATIN1"},
        {"options": "-c client_min_messages=error"},
    ],
    ids=["never prepared", "always prepared", "empty search_path", "another encoding", "no notices"],
)
def test_the_options_of_a_connection_do_not_matter(flavour: Any, shared_dsn: str, options: dict[str, Any]) -> None:
    helper = flavour.helper(flavour.connect(shared_dsn, **options))
    for action in ("created", "kept", "kept"):
        assert helper.sync(1, "plex", movies(3), progress=lambda *_: None).total(action) == 3


# What only the asynchronous helper takes


@pytest.fixture
def awaited(flavours: dict[str, Any]) -> Any:
    """An asynchronous helper, whose work is rolled back."""
    return flavours["async"].helper(flavours["async"].lasting)


async def slowly(items: Iterable[Any]) -> AsyncIterator[Any]:
    for item in items:
        yield item


def test_an_asynchronous_iterable_is_sent_piece_by_piece(awaited: Any) -> None:
    watch = Watch(5_000)
    assert awaited.sync(1, "plex", slowly(watch.items()), dry_run=True).total("created") == 5_000
    assert watch.most_alive <= 2 * _sync.UPLOAD_STEP


def test_an_asynchronous_iterable_that_raises_leaves_nothing(awaited: Any) -> None:
    error = Raised("mine")
    with pytest.raises(Raised) as raised:
        awaited.sync(1, "plex", slowly(broken_after(1_500, error)))
    assert raised.value is error
    assert awaited.sync_clients_list(1) == {}
