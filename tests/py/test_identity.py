"""Random work of all kinds on a few media items, against a small model of what should be; and what undo gives back.

The model knows what stands for what. What the database may choose (which media item an item of a listing is), the model
takes over and checks what has to hold whatever was chosen.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from tests.agreement import disagreements
from tests.conftest import Server
from tests.scale import SCALE, searches

Connection = psycopg.Connection[Any]
Key = tuple[int, str, str]  # client, item ID, media type
Item = dict[str, Any]
Rows = dict[int, str]
SqlState = str

CLIENTS = (1, 2, 3)
ITEM_IDS = ("1", "2", "3", "4")
MEDIA_TYPES = ("movie", "series", "episode")


@dataclass(frozen=True)
class Event:
    event_id: int
    kind: str
    client_id: int
    client_item_id: str
    media_type: str
    before: int
    after: int
    evidence: str | None
    undoes: int

    @property
    def key(self) -> Key:
        return self.client_id, self.client_item_id, self.media_type


# What should be


@dataclass
class Model:
    """Which media items there are, what is mapped to them, which of them lead to others, which are known to differ."""

    types: dict[int, str] = field(default_factory=dict)
    mappings: dict[Key, int] = field(default_factory=dict)
    redirects: dict[int, int] = field(default_factory=dict)
    distinct: set[frozenset[int]] = field(default_factory=set)

    def resolve(self, media_item_id: int) -> int:
        return self.redirects.get(media_item_id, media_item_id)

    def is_live(self, media_item_id: int) -> bool:
        return media_item_id in self.types and media_item_id not in self.redirects

    def keys_of(self, media_item_id: int) -> set[Key]:
        return {key for key, mapped in self.mappings.items() if mapped == media_item_id}

    def leading_to(self, media_item_id: int) -> set[int]:
        return {one for one, other in self.redirects.items() if other == media_item_id}

    def pairs(self) -> set[frozenset[int]]:
        """The distinct pairs, as what they are now."""
        return {frozenset(map(self.resolve, pair)) for pair in self.distinct}

    def give(self, keys: set[Key], media_item_id: int) -> None:
        self.mappings |= dict.fromkeys(keys, media_item_id)

    def take(self, keys: set[Key]) -> None:
        self.mappings = {key: mapped for key, mapped in self.mappings.items() if key not in keys}

    def merge(self, duplicate: int, keep: int) -> None:
        self.give(self.keys_of(duplicate), keep)
        self.redirects |= dict.fromkeys({duplicate, *self.leading_to(duplicate)}, keep)

    def delete(self, media_item_id: int) -> None:
        gone = {media_item_id, *self.leading_to(media_item_id)}
        self.take(self.keys_of(media_item_id))
        self.types = {one: media_type for one, media_type in self.types.items() if one not in gone}
        self.redirects = {one: other for one, other in self.redirects.items() if one not in gone}
        self.distinct = {pair for pair in self.distinct if not pair & gone}


@dataclass(frozen=True)
class Fix:
    """What a merge or a split moved."""

    keys: set[Key]
    redirects: set[int]


@dataclass(frozen=True)
class Trace:
    """The rows of media_items that a call changed, before and after it."""

    before: dict[int, str | None]
    after: dict[int, str | None]


# What it is compared with


def rows_of(connection: Connection) -> Rows:
    return dict(
        connection.execute("select id, (to_jsonb(i) - 'updated_at')::text from pymap.media_items as i").fetchall()
    )


def events_after(connection: Connection, event_id: int) -> list[Event]:
    with connection.cursor(row_factory=class_row(Event)) as cursor:
        return cursor.execute(
            """
            select id as event_id, kind, client_id, client_item_id, media_type, media_item_before as before,
                   media_item_after as after, evidence, undoes
            from pymap.mapping_events
            where id > %s
            order by id
            """,
            [event_id],
        ).fetchall()


def replayed(connection: Connection, last_event_id: int) -> dict[Key, int]:
    """The mappings that the change feed makes of nothing."""
    deadline = time.monotonic() + 20
    while True:
        feed = connection.execute(
            """
            select event_id, kind, (client_id, client_item_id, media_type), media_item_before, media_item_after
            from pymap.changes_since(0, 1000000)
            """
        ).fetchall()
        # The feed waits for older transactions of the whole server; autovacuum has some.
        if not last_event_id or last_event_id in {event_id for event_id, *_ in feed}:
            break
        assert time.monotonic() < deadline
        time.sleep(0.01)
    mappings: dict[Key, int] = {}
    for _, kind, (client_id, client_item_id, media_type), before, after in feed:
        if kind in ("mapped", "moved", "unmapped"):
            key = int(client_id), client_item_id, media_type
            assert mappings.pop(key, None) == before
            if after is not None:
                mappings[key] = after
    return mappings


# What is listed


external_ids = st.fixed_dictionaries(
    {}, optional={"imdb": st.sampled_from(["tt0000001", "tt0000002"]), "tmdb": st.sampled_from(["1", "2"])}
)


def entries(media_type: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Item]:
    return st.fixed_dictionaries({"itemId": st.sampled_from(ITEM_IDS), "type": st.just(media_type), **fields})


films = entries(
    "movie", title=st.sampled_from(["One", "Two", None]), year=st.sampled_from([2000, None]), externalIds=external_ids
)
series = entries("series", title=st.sampled_from(["One", "Two"]), externalIds=external_ids)
episodes = entries(
    "episode",
    parentItemId=st.sampled_from(ITEM_IDS),
    seasonNumber=st.just(1),
    episodeNumber=st.integers(1, 2),
    externalIds=st.one_of(st.just({}), external_ids),
)
listings = st.lists(st.one_of(films, series, episodes), max_size=6)
#: The same, but nothing shows that the second one is.
LIBRARIES: dict[int, list[Item]] = {
    client_id: [
        {"itemId": "1", "type": "movie", "title": title, "year": 2000, "externalIds": external_ids},
        {"itemId": "1", "type": "series", "title": title, "externalIds": external_ids},
        *(
            {"itemId": str(number), "type": "episode", "parentItemId": "1", "seasonNumber": 1, "episodeNumber": number}
            for number in (1, 2)
        ),
    ]
    for client_id, title, external_ids in [
        (1, "One", {"imdb": "tt0000001"}),
        (2, "Two", {"tmdb": "2"}),
        (3, "One", {"imdb": "tt0000001"}),
    ]
}
clients = st.sampled_from(CLIENTS)
item_ids = st.sampled_from(ITEM_IDS)


walks = settings(
    max_examples=30 * SCALE,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Identities(RuleBasedStateMachine):
    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self.connection.execute("truncate pymap.media_items restart identity")
        self.connection.execute("truncate pymap.mapping_events restart identity")
        self.model = Model()
        self.rows: Rows = {}
        self.events: dict[int, Event] = {}
        self.new_events: list[Event] = []
        self.undone: set[int] = set()
        self.deleted: set[int] = set()
        self.fixes: dict[int, Fix] = {}
        self.traces: dict[int, Trace] = {}

    # Calls

    def call(self, query: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The rows, each with one column as that value; or the SQLSTATE of what refused the call."""
        before = self.rows
        try:
            rows = self.connection.execute(query.encode(), parameters).fetchall()
        except psycopg.Error as error:
            self.new_events = []
            return error.sqlstate or str(error)
        self.rows = rows_of(self.connection)
        self.new_events = events_after(self.connection, max(self.events, default=0))
        self.events |= {event.event_id: event for event in self.new_events}
        changed = {one for one, _ in before.items() ^ self.rows.items()}
        self.trace = Trace({one: before.get(one) for one in changed}, {one: self.rows.get(one) for one in changed})
        return [row[0] if len(row) == 1 else row for row in rows]

    def note_merges(self) -> None:
        for event in self.new_events:
            if event.kind == "merged":
                moved = {
                    one.key
                    for one in self.new_events
                    if (one.kind, one.before, one.after) == ("moved", event.before, event.after)
                }
                self.fixes[event.event_id] = Fix(moved, self.model.leading_to(event.before))
                self.model.merge(event.before, event.after)

    def note_items(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Media item IDs that a call gave: new ones, or those of media items of the same type."""
        known = set(self.model.types)
        for media_item_id, media_type, action in rows:
            assert action != "created" or media_item_id not in known
            assert media_item_id not in self.deleted
            assert self.model.types.setdefault(media_item_id, media_type) == media_type
            assert self.model.is_live(media_item_id)

    # Choices

    def a_media_item(self, data: st.DataObject) -> int:
        """One that was handed out; seldom one that was deleted."""
        return data.draw(st.sampled_from(sorted(self.model.types) + sorted(self.deleted)[:1]))

    def another(self, media_item_id: int, data: st.DataObject) -> int:
        """Seldom one of another media type."""
        media_type = self.model.types.get(media_item_id)
        alike = [one for one in self.model.types if self.model.types[one] == media_type and one != media_item_id]
        return data.draw(st.sampled_from(sorted(alike) * 3 + sorted(self.model.types)))

    # Mapping

    @initialize()
    def servers_with_the_same_library(self) -> None:
        for client_id, listing in LIBRARIES.items():
            self.sync_client_items(client_id, listing, None)

    @rule(client_id=clients, item=films | series)
    def get_or_create_mapping(self, client_id: int, item: Item) -> None:
        key = client_id, item["itemId"], item["type"]
        (found,) = self.call(
            "select pymap.get_or_create_mapping(%s, 'plex', %s, %s, %s, p_external_ids => %s)",
            [*key, item["title"], Jsonb(item["externalIds"])],
        )
        self.note_merges()
        self.note_items([(found, item["type"], "matched")])
        assert self.model.mappings.setdefault(key, found) == found

    @rule(client_id=clients, listing=listings)
    def get_or_create_mappings(self, client_id: int, listing: list[Item]) -> None:
        answer = self.call("select * from pymap.get_or_create_mappings(%s, 'plex', %s)", [client_id, Jsonb(listing)])
        rows = {(client_id, item_id, media_type): rest for item_id, media_type, *rest in answer}
        assert rows.keys() == {(client_id, item["itemId"], item["type"]) for item in listing}
        self.note_merges()
        assert {
            key for key, (_, action) in rows.items() if action == "kept"
        } == rows.keys() & self.model.mappings.keys()
        self.note_items((found, key[2], action) for key, (found, action) in rows.items())
        for key, (found, _) in rows.items():
            assert self.model.mappings.setdefault(key, found) == found

    @rule(client_id=clients, listing=listings, media_types=st.sampled_from([None, list(MEDIA_TYPES)]))
    def sync_client_items(self, client_id: int, listing: list[Item], media_types: list[str] | None) -> None:
        answer = self.call(
            "select * from pymap.sync_client_items(%s, 'plex', %s, %s)", [client_id, Jsonb(listing), media_types]
        )
        rows = {(client_id, item_id, media_type): rest for item_id, media_type, *rest in answer}
        listed = {(client_id, item["itemId"], item["type"]) for item in listing}
        covered = {media_type for _, _, media_type in listed} if media_types is None else MEDIA_TYPES
        self.note_merges()
        before = {
            key: mapped for key, mapped in self.model.mappings.items() if key[0] == client_id and key[2] in covered
        }

        removed = {key for key, (_, action) in rows.items() if action == "removed"}
        rekeyed = {found for found, action in rows.values() if action in ("rekeyed", "reassigned")}
        assert rows.keys() == listed | removed
        assert {before[key] for key in before.keys() - listed - removed} <= rekeyed
        for key, (found, action) in rows.items():
            assert action not in ("kept", "removed") or found == before[key]
            assert action == "kept" or key not in listed or (action == "reassigned") == (key in before)
        self.note_items((found, key[2], action) for key, (found, action) in rows.items())
        self.model.take(set(before))
        for key in listed:
            self.model.give({key}, rows[key][0])

    @precondition(lambda self: self.model.types)
    @rule(data=st.data(), client_id=clients, item_id=item_ids)
    def link_client_item(self, data: st.DataObject, client_id: int, item_id: str) -> None:
        media_item_id = self.a_media_item(data)
        answer = self.call("select pymap.link_client_item(%s, %s, 'plex', %s)", [media_item_id, client_id, item_id])
        if media_item_id in self.deleted:
            assert answer == "P0002"
            return
        live = self.model.resolve(media_item_id)
        key = client_id, item_id, self.model.types[live]
        is_new = key not in self.model.mappings
        assert answer == ([is_new] if self.model.mappings.setdefault(key, live) == live else "PM001")

    @rule(client_id=clients, item_id=item_ids, media_type=st.sampled_from(MEDIA_TYPES))
    def unlink_client_item(self, client_id: int, item_id: str, media_type: str) -> None:
        key = client_id, item_id, media_type
        assert self.call("select pymap.unlink_client_item(%s, %s, %s)", key) == [key in self.model.mappings]
        self.model.take({key})

    @precondition(lambda self: len(self.model.mappings) > 6)
    @rule(client_id=clients)
    def remove_client(self, client_id: int) -> None:
        keys = {key for key in self.model.mappings if key[0] == client_id}
        assert self.call("select pymap.remove_client(%s)", [client_id]) == [len(keys)]
        self.model.take(keys)

    # Whoever writes the table

    @precondition(lambda self: self.model.types)
    @rule(data=st.data(), keys=st.frozensets(st.tuples(clients, item_ids), max_size=3))
    def write_an_array(self, data: st.DataObject, keys: frozenset[tuple[int, str]]) -> None:
        media_item_id = data.draw(st.sampled_from(sorted(self.model.types)))
        sync_clients = [{"clientId": one, "clientType": "plex", "itemId": item_id} for one, item_id in sorted(keys)]
        answer = self.call(
            "update pymap.media_items set sync_clients = %s where id = %s returning id",
            [Jsonb(sync_clients), media_item_id],
        )
        wanted = {(*key, self.model.types[media_item_id]) for key in keys}
        if wanted and media_item_id in self.model.redirects:
            assert answer == psycopg.errors.CheckViolation.sqlstate
        elif {self.model.mappings.get(key, media_item_id) for key in wanted} - {media_item_id}:
            assert answer == "PM001"
        else:
            assert answer == [media_item_id]
            self.model.take(self.model.keys_of(media_item_id))
            self.model.give(wanted, media_item_id)

    @precondition(lambda self: self.model.types)
    @rule(data=st.data())
    def swap_two_arrays(self, data: st.DataObject) -> None:
        """One statement that moves mappings both ways."""
        one = data.draw(st.sampled_from(sorted(self.model.types)))
        other = self.another(one, data)
        swappable = self.model.is_live(one) and self.model.is_live(other) and one != other
        if not swappable or self.model.types[one] != self.model.types[other]:
            return
        answer = self.call(
            """
            update pymap.media_items as i
            set sync_clients = o.sync_clients
            from pymap.media_items as o
            where (i.id, o.id) in ((%(one)s, %(other)s), (%(other)s, %(one)s))
            returning 1
            """,
            {"one": one, "other": other},
        )
        assert answer == [1, 1]
        keys, others = self.model.keys_of(one), self.model.keys_of(other)
        self.model.give(keys, other)
        self.model.give(others, one)

    @precondition(lambda self: len(self.model.types) > 4)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        media_item_id = data.draw(st.sampled_from(sorted(self.model.types)))
        self.call("delete from pymap.media_items where id = %s returning id", [media_item_id])
        before = set(self.model.types)
        self.model.delete(media_item_id)
        self.deleted |= before - self.model.types.keys()

    # Fixing identity

    def refusal(self, one: int, other: int) -> SqlState | None:
        """Why two IDs cannot be said to be one thing, or two."""
        if {one, other} & self.deleted:
            return "P0002"
        return "22023" if one == other else None

    @precondition(lambda self: self.model.types)
    @rule(data=st.data())
    def merge_media_items(self, data: st.DataObject) -> None:
        keep_id = self.a_media_item(data)
        duplicate_id = self.another(keep_id, data)
        answer = self.call("select pymap.merge_media_items(%s, %s)", [keep_id, duplicate_id])
        keep, duplicate = self.model.resolve(keep_id), self.model.resolve(duplicate_id)
        refusal = self.refusal(keep_id, duplicate_id)
        if refusal:
            assert answer == refusal
        elif keep == duplicate:
            assert answer == [None]
        elif self.model.types[keep] != self.model.types[duplicate]:
            assert answer == "22023"
        elif {keep, duplicate} in self.model.pairs():
            assert answer == "PM005"
        else:
            (event_id,) = answer
            event = self.events[event_id]
            assert (event.kind, event.before, event.after) == ("merged", duplicate, keep)
            self.note_merges()
            self.traces[event_id] = self.trace

    @precondition(lambda self: self.model.types)
    @rule(data=st.data())
    def mark_distinct(self, data: st.DataObject) -> None:
        one_id = self.a_media_item(data)
        other_id = self.another(one_id, data)
        answer = self.call("select pymap.mark_distinct(%s, %s)", [one_id, other_id])
        refusal = self.refusal(one_id, other_id)
        pair = frozenset({self.model.resolve(one_id), self.model.resolve(other_id)})
        if refusal:
            assert answer == refusal
        elif len(pair) == 1:
            assert answer == "22023"
        elif pair in self.model.pairs():
            assert answer == [None]
        else:
            assert answer == [event.event_id for event in self.new_events]
            self.model.distinct.add(pair)

    @precondition(lambda self: self.model.mappings)
    @rule(data=st.data(), external_ids=st.one_of(st.just({}), st.just({}), external_ids))
    def split_media_item(self, data: st.DataObject, external_ids: Item) -> None:
        several = [one for one in sorted(self.model.types) if len(self.model.keys_of(self.model.resolve(one))) > 1]
        media_item_id = data.draw(st.sampled_from(several)) if several else self.a_media_item(data)
        live = self.model.resolve(media_item_id)
        candidates = sorted(self.model.keys_of(live)) * 3 + sorted(self.model.mappings)[:1]
        named = data.draw(st.sets(st.sampled_from(candidates), min_size=1, max_size=1) | st.just(set(candidates)))
        mappings = [{"clientId": client_id, "itemId": item_id} for client_id, item_id, _ in sorted(named)]
        answer = self.call(
            "select pymap.split_media_item(%s, %s, %s)", [media_item_id, Jsonb(mappings), Jsonb(external_ids)]
        )
        if media_item_id in self.deleted:
            assert answer == "P0002"
            return
        keys = {(client_id, item_id, self.model.types[live]) for client_id, item_id, _ in named}
        if not keys < self.model.keys_of(live) or not keys:
            assert answer == "22023"
        elif answer == "22023":
            assert external_ids
        else:
            (event_id,) = answer
            event = self.events[event_id]
            assert event.before == live
            self.note_items([(event.after, self.model.types[live], "created")])
            self.model.give(keys, event.after)
            self.model.distinct.add(frozenset({live, event.after}))
            self.fixes[event_id] = Fix(keys, set())
            self.traces[event_id] = self.trace

    # Undo

    def can_undo(self, event: Event) -> bool:
        """Whether the opposite of an event makes sense."""
        if event.event_id in self.undone:
            return False
        match event.kind:
            case "undone":
                return False
            case "distinct":
                return {event.before, event.after} in self.model.distinct
            case "merged":
                fix = self.fixes[event.event_id]
                return (
                    self.model.redirects.get(event.before) == event.after
                    and fix.keys <= self.model.keys_of(event.after)
                    and fix.redirects & self.model.types.keys() <= self.model.leading_to(event.after)
                )
            case "split":
                return (
                    self.model.is_live(event.before)
                    and self.model.is_live(event.after)
                    and self.fixes[event.event_id].keys == self.model.keys_of(event.after)
                    and not self.model.leading_to(event.after)
                )
        holder = self.model.mappings.get(event.key)
        return holder == event.after and (event.before is None or self.model.is_live(event.before))

    def must_undo(self, event: Event) -> bool:
        """Whether nothing stands in the way."""
        if event.kind not in ("merged", "split"):
            return self.can_undo(event)
        items = {event.before, event.after}
        merged_later = any(
            items & {later.before, later.after}
            for later in self.events.values()
            if later.kind == "merged" and later.event_id > event.event_id and later.event_id not in self.undone
        )
        # A part that a later sync has found would lose its parent.
        parents = {json.loads(row)["parent_id"] for row in self.rows.values()}
        has_parts = event.kind == "split" and event.after in parents
        # That somebody said later that it is none of the others would be forgotten.
        is_marked = event.kind == "split" and any(
            event.after in pair and event.before not in pair for pair in self.model.distinct
        )
        hindered = merged_later or has_parts or is_marked
        return self.can_undo(event) and self.is_as_left_by(event) and not hindered

    def is_as_left_by(self, event: Event) -> bool:
        trace = self.traces.get(event.event_id)
        return trace is not None and all(self.rows.get(one) == row for one, row in trace.after.items())

    def take_back(self, event: Event) -> None:
        match event.kind:
            case "distinct":
                self.model.distinct.remove(frozenset({event.before, event.after}))
            case "merged":
                fix = self.fixes[event.event_id]
                del self.model.redirects[event.before]
                self.model.redirects |= dict.fromkeys(fix.redirects & self.model.types.keys(), event.before)
                self.model.give(fix.keys, event.before)
            case "split":
                self.model.give(self.fixes[event.event_id].keys, event.before)
                self.model.delete(event.after)
                self.deleted.add(event.after)
            case _:
                self.model.take({event.key})
                if event.before is not None:
                    self.model.give({event.key}, event.before)

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(sorted({event.kind for event in self.events.values()})))
        self.undo_event(data.draw(st.sampled_from([one for one in self.events.values() if one.kind == kind][::-1])))

    @precondition(lambda self: self.fixes.keys() - self.undone)
    @rule()
    def undo_the_last_fix(self) -> None:
        self.undo_event(self.events[max(self.fixes.keys() - self.undone)])

    def undo_event(self, event: Event) -> None:
        can, must, is_as_left = self.can_undo(event), self.must_undo(event), self.is_as_left_by(event)
        answer = self.call("select pymap.undo(%s)", [event.event_id])
        if answer == "PM005":
            assert not must
            return
        assert can
        records = [record for record in self.new_events if record.kind == "undone"]
        assert answer == [records[-1].event_id]
        assert records[-1].undoes == event.event_id
        for record in records:
            assert self.can_undo(self.events[record.undoes])
            self.take_back(self.events[record.undoes])
            self.undone.add(record.undoes)
        if is_as_left:
            assert self.trace.after == self.traces[event.event_id].before

    @precondition(lambda self: self.new_events)
    @rule()
    def rebuild_lookup(self) -> None:
        assert self.call("select pymap.rebuild_lookup()") == [0]
        assert not self.trace.after
        assert not self.new_events

    # What has to hold after every step

    @invariant()
    def mappings_are_what_they_should_be(self) -> None:
        for client_id in CLIENTS:
            rows = self.connection.execute(
                "select client_item_id, media_type, media_item_id from pymap.sync_clients_list(%s)", [client_id]
            )
            assert {(client_id, *key): mapped for *key, mapped in rows} == {
                key: mapped for key, mapped in self.model.mappings.items() if key[0] == client_id
            }

    @invariant()
    def every_id_resolves_until_it_is_deleted(self) -> None:
        assert self.rows.keys() == self.model.types.keys()
        resolved = self.connection.execute(
            "select i, pymap.resolve_media_item(i) from unnest(%s::bigint[]) as i", [list(self.model.types)]
        ).fetchall()
        assert dict(resolved) == {one: self.model.resolve(one) for one in self.model.types}

    @invariant()
    def distinct_media_items_stay_two(self) -> None:
        pairs = self.connection.execute("select media_item_id, other_id from pymap.distinct_pairs").fetchall()
        assert {frozenset(pair) for pair in pairs} == self.model.distinct
        assert all(len(pair) == 2 for pair in self.model.pairs())

    @invariant()
    def tables_are_sound(self) -> None:
        found = self.connection.execute("select * from pymap.check_integrity() where severity = 'error'").fetchall()
        assert found == []
        assert disagreements(self.connection) == []

    @invariant()
    def the_change_feed_tells_the_mappings(self) -> None:
        assert replayed(self.connection, max(self.events, default=0)) == self.model.mappings


@pytest.fixture(scope="module")
def committing(server: Server, template: str) -> Iterator[Connection]:
    with server.database(template) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@searches
def test_random_work_of_all_kinds_does_what_the_model_says(committing: Connection) -> None:
    Identities.connection = committing
    run_state_machine_as_test(Identities, settings=walks)


# What was before, is again


TABLES = ("media_items", "client_items", "external_ids", "clients", "review_candidates", "distinct_pairs")
#: What a call and its undo together may change.
CHANGED = {table: ["updated_at"] for table in TABLES} | {"client_items": ["evidence", "weight", "comparisons"]}
CLIENT_OF_OTHERS = 9

examples = settings(max_examples=40 * SCALE, deadline=None, suppress_health_check=list(HealthCheck))
syncs = st.lists(st.tuples(clients, listings), min_size=1, max_size=4)
#: What has nothing to do with anything in these.
listings_of_others = st.lists(
    st.builds(
        lambda number, fields: {"itemId": f"x{number}", "title": f"Other {number}", "year": 1980, **fields},
        st.integers(1, 3),
        st.sampled_from(
            [{"type": "movie", "externalIds": {"imdb": "tt0000009"}}, {"type": "series"}, {"type": "artist"}]
        ),
    ),
    max_size=3,
)


@pytest.fixture(scope="module")
def connection(conn: Connection) -> Connection:
    return conn


def digest(connection: Connection) -> set[tuple[str, str]]:
    """Every row of every table; but not when it was written, not what a mapping was made by, and not the events."""
    return {
        (table, row)
        for table in TABLES
        for (row,) in connection.execute(
            f"select (to_jsonb(t) - %s::text[])::text from pymap.{table} as t", [CHANGED[table]]
        )
    }


def sync(connection: Connection, client_id: int, listing: list[Item]) -> None:
    connection.execute("select pymap.sync_client_items(%s, 'plex', %s)", [client_id, Jsonb(listing)])


def value(connection: Connection, query: str, *parameters: Any) -> Any:
    (found,) = connection.execute(query.encode(), parameters).fetchone() or (None,)
    return found


def takes_back(connection: Connection, of_others: list[list[Item]], call: str, *parameters: Any) -> None:
    """Compare the tables before a call with those after it was undone, also if others synced meanwhile."""
    before = digest(connection)
    event_id = value(connection, call, *parameters)
    meanwhile = digest(connection)
    for listing in of_others:
        sync(connection, CLIENT_OF_OTHERS, listing)
    others = digest(connection) - meanwhile
    value(connection, "select pymap.undo(%s)", event_id)
    assert digest(connection) == before | others


def media_items(connection: Connection) -> dict[str, list[int]]:
    """The IDs of those that are no redirects, by media type."""
    return dict(
        connection.execute(
            "select type, array_agg(id order by id) from pymap.media_items where merged_into is null group by type"
        ).fetchall()
    )


@examples
@given(syncs=syncs, of_others=st.lists(listings_of_others, max_size=2), data=st.data())
def test_undo_of_merges_gives_every_row_back(
    connection: Connection, syncs: list[tuple[int, list[Item]]], of_others: list[list[Item]], data: st.DataObject
) -> None:
    with connection.transaction(force_rollback=True):
        for client_id, listing in syncs:
            sync(connection, client_id, listing)
        several = [ids for ids in media_items(connection).values() if len(ids) > 1]
        if not several:
            return
        keep, duplicate = data.draw(st.permutations(data.draw(st.sampled_from(several))))[:2]

        takes_back(connection, of_others, "select pymap.merge_media_items(%s, %s)", keep, duplicate)


@pytest.mark.parametrize("keep_older", [True, False], ids=["the older is kept", "the younger is kept"])
def test_undo_of_a_merge_gives_both_their_children_back(connection: Connection, keep_older: bool) -> None:
    """Of two children at one place the older one is kept, whichever of the parents is."""
    with connection.transaction(force_rollback=True):
        for client_id, listing in LIBRARIES.items():
            sync(connection, client_id, listing)
        older, younger = media_items(connection)["series"]
        merge = [older, younger] if keep_older else [younger, older]
        takes_back(connection, [], "select pymap.merge_media_items(%s, %s)", *merge)


@examples
@given(syncs=syncs, of_others=st.lists(listings_of_others, max_size=2), data=st.data())
def test_undo_of_a_split_gives_every_row_back(
    connection: Connection, syncs: list[tuple[int, list[Item]]], of_others: list[list[Item]], data: st.DataObject
) -> None:
    with connection.transaction(force_rollback=True):
        for client_id, listing in syncs:
            sync(connection, client_id, listing)
        several = connection.execute(
            "select id, sync_clients, external_ids from pymap.media_items where jsonb_array_length(sync_clients) > 1"
        ).fetchall()
        if not several:
            return
        media_item_id, sync_clients, ids = data.draw(st.sampled_from(several))
        count = data.draw(st.integers(1, len(sync_clients) - 1))
        mappings = data.draw(st.permutations(sync_clients))[:count]
        taken = [one for one in ids if data.draw(st.booleans())]

        split = "select pymap.split_media_item(%s, %s, %s)"
        takes_back(connection, of_others, split, media_item_id, Jsonb(mappings), Jsonb(taken))
