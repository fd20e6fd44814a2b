"""Stories of several syncs: told in every order that they allow, each in a state of its own, and checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

Connection = psycopg.Connection[Any]
Key = tuple[int, str, str]  # client ID, client item ID, media type
Mappings = dict[Key, int]
Partition = frozenset[frozenset[Key]]
Row = tuple[Any, ...]

KEPT = {"kept", "unusable"}


@dataclass(frozen=True)
class Story:
    """Steps, and what has to hold after them.

    A step is a dict: a sync (``client_id``, ``client_type``, and ``response`` or ``items``; ``pages``: the response is
    a list of pages; ``media_types``, ``allow_removals``) or ``{"distinct": [key, key]}``, which marks two as distinct.
    """

    name: str
    expect: str
    steps: Sequence[Mapping[str, Any]]
    any_order: bool = False
    same: Sequence[Sequence[Any]] = ()  # groups of keys; a fourth element: as it was after that step, counted from 0
    different: Sequence[Sequence[Any]] = ()
    review: Sequence[Sequence[Any]] = ()  # pairs of keys that have to be listed for review
    actions: Sequence[Sequence[Any]] = ()  # [step, client item ID, media type, action]
    translate: Sequence[Mapping[str, Any]] = ()
    errors: Sequence[tuple[int, str]] = ()  # [step, SQLSTATE]
    what: str = ""
    source: str = ""

    def orders(self, told: tuple[int, ...] = ()) -> list[int]:
        """The steps that may come next."""
        if not self.any_order:
            return [len(told)] if len(told) < len(self.steps) else []
        missing = [n for n in range(len(self.steps)) if n not in told]
        actors = [self.steps[n].get("client_id") for n in missing]
        # The steps of one client keep their order; marking two as distinct comes after everything before it.
        return [
            n
            for place, n in enumerate(missing)
            if (actors[place] not in actors[:place] if actors[place] else place == 0) and None not in actors[:place]
        ]


@dataclass
class Telling:
    """One order of a story: what happened, and what was wrong."""

    order: tuple[int, ...] = ()
    after: dict[int, Mappings] = field(default_factory=dict)
    rows: dict[int, list[Row]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    partition: Partition = frozenset()

    def told(self, n: int, rows: list[Row], mappings: Mappings, problems: list[str]) -> Telling:
        return Telling((*self.order, n), {**self.after, n: mappings}, {**self.rows, n: rows}, self.problems + problems)


# What the database says


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Whatever happens here is rolled back."""
    with connection.transaction(force_rollback=True):
        yield


def mappings_of(connection: Connection) -> Mappings:
    """All client items with their media items, from the public table."""
    rows = connection.execute(
        """
        select (c ->> 'clientId')::bigint, c ->> 'itemId', i.type, i.id
        from pymap.media_items as i, jsonb_array_elements(i.sync_clients) as c
        """
    )
    return {(client_id, item_id, media_type): found for client_id, item_id, media_type, found in rows}


def partition_of(mappings: Mappings) -> Partition:
    """Which client items share a media item."""
    groups = defaultdict(set)
    for key, media_item_id in mappings.items():
        groups[media_item_id].add(key)
    return frozenset(frozenset(keys) for keys in groups.values())


def resolved(connection: Connection, media_item_ids: set[int]) -> dict[int, int]:
    rows = connection.execute(
        "select i, pymap.resolve_media_item(i) from unnest(%s::bigint[]) as i", (list(media_item_ids),)
    )
    return dict(rows.fetchall())


def damage(connection: Connection) -> list[str]:
    """What check_integrity calls an error."""
    rows = connection.execute(
        "select kind, media_item_id, detail from pymap.check_integrity() where severity = 'error'"
    )
    return [f"integrity: {kind} on media item {media_item_id}: {detail}" for kind, media_item_id, detail in rows]


def writes(connection: Connection) -> int:
    """How many rows this transaction has written so far, undone ones as well."""
    (count,) = connection.execute(
        """
        select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint
        from pg_stat_xact_user_tables where schemaname = 'pymap'
        """
    ).fetchone() or (0,)
    return int(count)


def items_of(connection: Connection, step: Mapping[str, Any]) -> list[Any]:
    """The items of a step, of all its pages."""
    if "items" in step:
        return list(step["items"])
    items: list[Any] = []
    for page in step["response"] if step.get("pages") else [step["response"]]:
        row = connection.execute(
            "select pymap.items_from_response(%s, %s)", (step["client_type"], Jsonb(page))
        ).fetchone()
        assert row
        items += row[0]
    return items


def sync(
    connection: Connection,
    client_id: int,
    client_type: str,
    items: list[Any],
    media_types: list[str] | None = None,
    allow_removals: bool = False,
) -> list[Row]:
    """Rows of client item ID, media type, media item ID, action."""
    return connection.execute(
        """
        select client_item_id, media_type, media_item_id, action
        from pymap.sync_client_items(
            %s, %s, %s, p_media_types => %s::text[], p_allow_removals => %s
        )
        """,
        (client_id, client_type, Jsonb(items), media_types, allow_removals),
    ).fetchall()


# Telling


def tell(connection: Connection, story: Story) -> list[Telling]:
    """Every order of the story; orders that begin alike share the beginning, and nothing is left of any."""
    items = [items_of(connection, step) if "client_id" in step else [] for step in story.steps]
    return list(_tell(connection, story, items, Telling(), set()))


def _tell(
    connection: Connection, story: Story, items: list[list[Any]], telling: Telling, repeated: set[Partition]
) -> Iterator[Telling]:
    following = story.orders(telling.order)
    if not following:
        _check(connection, story, telling)
        # Once for each outcome: it takes longer than all the rest.
        if telling.partition not in repeated:
            repeated.add(telling.partition)
            with undone(connection):
                telling.problems += _check_repetition(connection, story, items, telling)
        yield telling
    for n in following:
        with undone(connection):
            rows, problems = _do(connection, story, items, n)
            told = telling.told(n, rows, mappings_of(connection), problems)
            yield from _tell(connection, story, items, told, repeated)


def _do(connection: Connection, story: Story, items: list[list[Any]], n: int) -> tuple[list[Row], list[str]]:
    """One step: its rows, and what is wrong with it."""
    expected = dict(story.errors).get(n)
    raised = None
    rows: list[Row] = []
    try:
        with connection.transaction():
            rows = _step(connection, story.steps[n], items[n])
    except psycopg.Error as error:
        raised = error
    if raised is None:
        return rows, [f"step {n} did not raise {expected}"] if expected else []
    if raised.sqlstate == expected:
        return rows, []
    return rows, [f"step {n} raised {raised.sqlstate}, not {expected or 'nothing'}: {raised}"]


def _step(connection: Connection, step: Mapping[str, Any], items: list[Any]) -> list[Row]:
    if "distinct" in step:
        mappings = mappings_of(connection)
        connection.execute("select pymap.mark_distinct(%s, %s)", [mappings[tuple(key)] for key in step["distinct"]])
        return []
    return sync(
        connection,
        step["client_id"],
        step["client_type"],
        items,
        step.get("media_types"),
        step.get("allow_removals", False),
    )


# Checking


def _check(connection: Connection, story: Story, telling: Telling) -> None:
    mappings = mappings_of(connection)
    telling.partition = partition_of(mappings)
    ids = resolved(connection, {found for some in (*telling.after.values(), mappings) for found in some.values()})

    def media_item(key: Sequence[Any]) -> int | None:
        client_id, item_id, media_type, *after = key
        some = telling.after[after[0]] if after else mappings
        found = some.get((client_id, item_id, media_type))
        return None if found is None else ids[found]

    def named(keys: Sequence[Sequence[Any]]) -> str:
        return ", ".join(f"{tuple(key)} on {media_item(key)}" for key in keys)

    problems = telling.problems
    for group in story.same:
        if len({media_item(key) for key in group}) > 1 or media_item(group[0]) is None:
            problems.append(f"not one media item: {named(group)}")
    for group in story.different:
        found = [media_item(key) for key in group]
        if len(set(found)) < len(found) or None in found:
            problems.append(f"not different media items: {named(group)}")
    problems += _check_reviews(connection, [(named(pair), *map(media_item, pair)) for pair in story.review])
    for n, item_id, media_type, action in story.actions:
        actions = {(row[0], row[1]): row[3] for row in telling.rows[n]}
        if actions.get((item_id, media_type)) != action:
            problems.append(f"step {n}: {media_type} {item_id} is {actions.get((item_id, media_type))}, not {action}")
    for wish in story.translate:
        rows = connection.execute(
            "select to_item_id from pymap.translate_client_item_ids(%s, array[%s]::text[], %s, %s)",
            (wish["from"], wish["id"], wish["to"], wish["type"]),
        )
        if (got := sorted(str(row[0]) for row in rows)) != sorted(wish["want"]):
            problems.append(f"{wish} gives {got}")
    problems += damage(connection)


def _check_reviews(connection: Connection, pairs: list[tuple[Any, ...]]) -> Iterator[str]:
    rows = connection.execute("select media_item_id, candidate_id from pymap.get_review_candidates()").fetchall()
    listed = {frozenset(row) for row in rows}
    for names, one, other in pairs:
        if {one, other} not in listed:
            yield f"not listed for review: {names}"


def _check_repetition(connection: Connection, story: Story, items: list[list[Any]], telling: Telling) -> Iterator[str]:
    """The last listing of every client once more, where it was not refused: everything is kept."""
    last = {
        story.steps[n]["client_id"]: n
        for n in telling.order
        if "client_id" in story.steps[n] and n not in dict(story.errors)
    }
    for client_id, n in sorted(last.items()):
        try:
            with connection.transaction():
                rows = _step(connection, story.steps[n], items[n])
        except psycopg.Error as error:
            yield f"step {n}, repeated, raised {error.sqlstate}: {error}"
            continue
        for item_id, media_type, _, action in rows:
            if action not in KEPT:
                yield f"step {n}, repeated: {media_type} {item_id} of client {client_id} is {action}"


# Telling what is wrong


def complaints(story: Story, tellings: list[Telling]) -> str:
    """What is wrong in which orders; empty if nothing is."""
    orders = defaultdict(list)
    for telling in tellings:
        for problem in telling.problems:
            orders[problem].append("-".join(map(str, telling.order)))
    lines = [f"  {problem}\n    steps {', '.join(some)}" for problem, some in orders.items()]
    if not lines:
        return ""
    return "\n".join([story.name, f"  {story.what}".rstrip(), f"  expected: {story.expect}", *lines])


def differing_orders(story: Story, tellings: list[Telling]) -> str:
    """What comes out differently in different orders; empty if nothing does."""
    found = differences({f"steps {'-'.join(map(str, told.order))}": told.partition for told in tellings})
    return f"{story.name}\n{found}" if found else ""


def differences(partitions: Mapping[str, Partition]) -> str:
    """The client items that share a media item in some orders and not in all; empty if there are none."""
    orders = defaultdict(list)
    for order, partition in partitions.items():
        orders[partition].append(order)
    if len(orders) == 1:
        return ""
    everywhere = frozenset.intersection(*orders)
    return "\n".join(
        f"  {sorted(sorted(group) for group in partition - everywhere)}\n    {', '.join(some)}"
        for partition, some in orders.items()
    )
