"""Random worlds of films and series, random listings of them: what every batch has to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pymap import ClientMediaItemHelper
from tests.agreement import disagreements
from tests.scale import SCALE

Connection = psycopg.Connection[Any]

SOURCES = ("imdb", "tmdb", "anidb")
MEDIA_TYPES = ("movie", "series")

examples = settings(max_examples=30 * SCALE, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Thing:
    """Something real: its number counts within its media type, so both types use the same external IDs.

    It has a title of its own, or none: equal titles would be evidence that two things are one.
    """

    media_type: str
    number: int
    ids_of_source: dict[str, int]
    title: str | None

    @property
    def external_ids(self) -> list[tuple[str, str]]:
        return [
            (source, f"tt{self.number:06}{n}" if source == "imdb" else f"{self.number}{n}")
            for source, count in self.ids_of_source.items()
            for n in range(1, count + 1)
        ]


@dataclass(frozen=True)
class Entry:
    """What a client shows of a thing."""

    thing: Thing
    item_id: str
    external_ids: frozenset[tuple[str, str]]

    def as_item(self) -> dict[str, Any]:
        return {
            "itemId": self.item_id,
            "type": self.thing.media_type,
            "title": self.thing.title,
            "externalIds": [{"source": source, "id": external_id} for source, external_id in sorted(self.external_ids)],
        }


Listing = list[Entry]


@st.composite
def worlds(draw: st.DrawFn, most_ids: int = 2) -> list[Thing]:
    """2 to 6 things with 1 to most_ids IDs in each of up to 3 sources."""
    ids_of_source = st.dictionaries(st.sampled_from(SOURCES), st.integers(1, most_ids))
    return [
        Thing(
            draw(st.sampled_from(MEDIA_TYPES)),
            number,
            draw(ids_of_source),
            draw(st.sampled_from([f"Title {number}", None])),
        )
        for number in range(1, draw(st.integers(2, 6)) + 1)
    ]


@st.composite
def listings_of(draw: st.DrawFn, world: list[Thing]) -> Listing:
    """Some of the things, some of them several times (editions, copies), each with some of its IDs."""

    def entry(thing: Thing) -> st.SearchStrategy[Entry]:
        ids = thing.external_ids
        shown = st.frozensets(st.sampled_from(ids)) if ids else st.just(frozenset())
        return st.builds(Entry, st.just(thing), st.sampled_from([f"{thing.number}a", f"{thing.number}b"]), shown)

    return draw(st.lists(st.sampled_from(world).flatmap(entry), max_size=10))


@st.composite
def syncs(draw: st.DrawFn) -> list[tuple[int, Listing]]:
    """Listings of three clients, in the order in which they come."""
    world = draw(worlds())
    return draw(st.lists(st.tuples(st.integers(1, 3), listings_of(world)), min_size=1, max_size=4))


@pytest.fixture(scope="module")
def connection(conn: Connection) -> Connection:
    return conn


@pytest.fixture(scope="module")
def helper(connection: Connection) -> ClientMediaItemHelper:
    return ClientMediaItemHelper(connection)


def put(helper: ClientMediaItemHelper, client_id: int, listing: Listing) -> dict[tuple[str, str], int]:
    rows = helper.get_or_create_mappings(client_id, "plex", [entry.as_item() for entry in listing])
    media_items = {(str(row.client_item_id), str(row.media_type)): int(row.media_item_id or 0) for row in rows}
    assert media_items.keys() == {(entry.item_id, entry.thing.media_type) for entry in listing}
    assert 0 not in media_items.values()
    return media_items


def grouping(connection: Connection) -> set[frozenset[str]]:
    """Which mappings share a media item."""
    rows = connection.execute(
        "select array_agg((client_id, client_item_id, media_type)::text) from pymap.client_items group by media_item_id"
    )
    return {frozenset(keys) for (keys,) in rows}


def row_versions(connection: Connection) -> list[tuple[str, str]]:
    return connection.execute(
        """
        select 'media_items', ctid::text from pymap.media_items
        union all select 'mappings', ctid::text from pymap.client_items
        union all select 'external_ids', ctid::text from pymap.external_ids
        union all select 'clients', ctid::text from pymap.clients
        order by 1, 2
        """
    ).fetchall()


def connected(entries: Listing) -> list[set[str]]:
    """The item IDs of entries of one thing, put together where shown external IDs or the item ID connect them."""
    groups: list[tuple[set[str], set[tuple[str, str]]]] = []
    for entry in entries:
        items, ids = {entry.item_id}, set(entry.external_ids)
        for group in [group for group in groups if group[0] & items or group[1] & ids]:
            groups.remove(group)
            items |= group[0]
            ids |= group[1]
        groups.append((items, ids))
    return [items for items, _ in groups]


@examples
@given(syncs=syncs())
def test_two_things_never_become_one_media_item(
    connection: Connection, helper: ClientMediaItemHelper, syncs: list[tuple[int, Listing]]
) -> None:
    with connection.transaction(force_rollback=True):
        thing_of: dict[int, Thing] = {}
        for client_id, listing in syncs:
            media_items = put(helper, client_id, listing)
            for entry in listing:
                media_item_id = media_items[entry.item_id, entry.thing.media_type]
                assert thing_of.setdefault(media_item_id, entry.thing) == entry.thing
        assert disagreements(connection) == []


@examples
@given(syncs=syncs())
def test_single_calls_never_make_two_things_one_media_item(
    connection: Connection, helper: ClientMediaItemHelper, syncs: list[tuple[int, Listing]]
) -> None:
    with connection.transaction(force_rollback=True):
        thing_of: dict[int, Thing] = {}
        for client_id, listing in syncs:
            for entry in listing:
                media_item_id = helper.get_or_create_mapping(
                    client_id,
                    "plex",
                    entry.item_id,
                    entry.thing.media_type,
                    entry.thing.title,
                    external_ids=entry.as_item()["externalIds"],
                )
                assert thing_of.setdefault(media_item_id, entry.thing) == entry.thing
        assert disagreements(connection) == []


@examples
@given(syncs=syncs(), data=st.data())
def test_every_permutation_of_a_batch_groups_alike(
    connection: Connection, helper: ClientMediaItemHelper, syncs: list[tuple[int, Listing]], data: st.DataObject
) -> None:
    *earlier, (client_id, last) = syncs
    with connection.transaction(force_rollback=True):
        for client, listing in earlier:
            put(helper, client, listing)
        with connection.transaction(force_rollback=True):
            put(helper, client_id, last)
            expected = grouping(connection)
        put(helper, client_id, data.draw(st.permutations(last)))
        assert grouping(connection) == expected


@examples
@given(syncs=syncs())
def test_a_second_run_keeps_everything_and_writes_nothing(
    connection: Connection, helper: ClientMediaItemHelper, syncs: list[tuple[int, Listing]]
) -> None:
    with connection.transaction(force_rollback=True):
        for client_id, listing in syncs:
            put(helper, client_id, listing)
            mapped = grouping(connection)
            versions = row_versions(connection)
            rows = helper.get_or_create_mappings(client_id, "plex", [entry.as_item() for entry in listing])
            assert {row.action for row in rows} <= {"kept"}
            assert row_versions(connection) == versions
            assert grouping(connection) == mapped


@examples
@given(listing=worlds(most_ids=1).flatmap(listings_of))
def test_entries_of_one_listing_that_shown_ids_connect_are_one_media_item(
    connection: Connection, helper: ClientMediaItemHelper, listing: Listing
) -> None:
    """With one ID in each source nothing can contradict; what no shown ID connects stays apart."""
    with connection.transaction(force_rollback=True):
        media_items = put(helper, 1, listing)
        for thing in {entry.thing.number: entry.thing for entry in listing}.values():
            groups = connected([entry for entry in listing if entry.thing == thing])
            found = [{media_items[item_id, thing.media_type] for item_id in group} for group in groups]
            assert all(len(ids) == 1 for ids in found)
            assert len(set.union(*found)) == len(groups)


@examples
@given(world=worlds(most_ids=1), data=st.data())
def test_an_entry_that_shows_every_id_brings_all_entries_of_its_thing_together(
    connection: Connection, helper: ClientMediaItemHelper, world: list[Thing], data: st.DataObject
) -> None:
    complete = [Entry(thing, f"{thing.number}*", frozenset(thing.external_ids)) for thing in world]
    listing = data.draw(listings_of(world).flatmap(lambda partial: st.permutations(partial + complete)))
    shown = {(entry.item_id, entry.thing.number) for entry in listing if entry.external_ids}
    with connection.transaction(force_rollback=True):
        media_items = put(helper, 1, listing)
        for thing in world:
            ids = {media_items[item_id, thing.media_type] for item_id, number in shown if number == thing.number}
            assert len(ids) == bool(thing.external_ids)


@examples
@given(syncs=syncs())
def test_every_shown_id_of_what_was_mapped_leads_to_a_media_item_of_that_thing(
    connection: Connection, helper: ClientMediaItemHelper, syncs: list[tuple[int, Listing]]
) -> None:
    with connection.transaction(force_rollback=True):
        for client_id, listing in syncs[:1]:
            media_items = put(helper, client_id, listing)
            for entry in listing:
                for source, external_id in entry.external_ids:
                    found = helper.get_media_items_by_external_id(source, external_id, entry.thing.media_type)
                    assert media_items[entry.item_id, entry.thing.media_type] in found


def test_an_external_id_whose_first_holder_gave_it_up_keeps_one_lookup_row(
    connection: Connection, helper: ClientMediaItemHelper
) -> None:
    """The batch claims the first place for an item that has a lookup row already."""
    ids = '[{"source": "imdb", "id": "tt0000001"}]'
    with connection.transaction(force_rollback=True):
        first = helper.get_or_create_mapping(1, "plex", "a", "movie", None, external_ids={"imdb": "tt0000001"})
        second = helper.get_or_create_mapping(1, "plex", "b", "movie", None)
        connection.execute("update pymap.media_items set external_ids = %s where id = %s", [ids, second])
        connection.execute("update pymap.media_items set external_ids = '[]' where id = %s", [first])
        item = {"itemId": "c", "type": "movie", "externalIds": {"imdb": "tt0000001"}}
        (row,) = helper.get_or_create_mappings(2, "plex", [item])
        assert row.media_item_id == second
        assert disagreements(connection) == []
