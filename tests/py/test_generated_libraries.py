"""Generated libraries on four servers: never a wrong merge, hardly a split, and nothing depends on the entries' order.

A library is made from a seed. Weights are calibrated with PYMAP_TEST_SCALE=10.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from tests.model.libraries import Entry, Listing, Thing, expected_groups, history
from tests.model.stories import KEPT, Key, Row, damage, differences, mappings_of, partition_of, sync, undone, writes
from tests.scale import SCALE, searches

Connection = psycopg.Connection[Any]

pytestmark = searches

SEEDS = range(6 * SCALE)
#: Of the groups of entries that show that they are one thing, so many may be on several media items.
MOST_SPLIT = 0.02


@dataclass
class Outcome:
    problems: list[str] = field(default_factory=list)
    groups: int = 0
    split: list[str] = field(default_factory=list)


#: Found once for all tests.
OUTCOMES: dict[int, Outcome] = {}


def outcome(conn: Connection, seed: int) -> Outcome:
    if seed not in OUTCOMES:
        OUTCOMES[seed] = live_through(conn, seed)
    return OUTCOMES[seed]


def live_through(conn: Connection, seed: int) -> Outcome:
    found = Outcome()
    current: dict[int, Listing] = {}
    misnamed: set[Thing] = set()
    known: set[str] = set()  # what was wrong in an earlier step already
    for step, listing in enumerate(history(seed)):
        current[listing.client.client_id] = listing
        misnamed |= {entry.thing for entry in listing.entries if entry.copy.is_misnamed}
        shuffled = random.Random(step).sample(listing.items, len(listing.items))
        with undone(conn):
            run(conn, listing, shuffled)
            reordered = partition_of(mappings_of(conn))
        run(conn, listing, listing.items)
        mappings = mappings_of(conn)

        problems = wrong_merges([entry for some in current.values() for entry in some.entries], mappings)
        if differing := differences({"as listed": partition_of(mappings), "in another order": reordered}):
            problems.append(f"the order of its entries matters:\n{differing}")
        before = writes(conn)
        again = run(conn, listing, listing.items)
        problems += [f"once more: {row[1]} {row[0]} is {row[3]}" for row in again if row[3] not in KEPT]
        if writes(conn) != before:
            problems.append(f"once more: {writes(conn) - before} rows written")
        problems += damage(conn)
        when = f"library {seed}, step {step}, client {listing.client.client_id}, {listing.change}"
        found.problems += [f"{when}: {problem}" for problem in problems if problem not in known]
        known |= set(problems)

    entries = [entry for listing in current.values() for entry in listing.entries]
    for group in expected_groups(entries, misnamed):
        if len(group) > 1:
            found.groups += 1
            if len({mappings[entry.key] for entry in group}) > 1:
                lines = (f"    media item {mappings[entry.key]}: {entry}" for entry in group)
                found.split.append("\n".join([f"  library {seed}, {group[0].thing}:", *lines]))
    return found


def run(conn: Connection, listing: Listing, items: list[Any]) -> list[Row]:
    return sync(conn, listing.client.client_id, listing.client.client_type, items, allow_removals=True)


def wrong_merges(entries: list[Entry], mappings: dict[Key, int]) -> list[str]:
    things: defaultdict[int, dict[Thing, Entry]] = defaultdict(dict)
    for entry in entries:
        things[mappings[entry.key]].setdefault(entry.thing, entry)
    return [
        "\n    ".join([f"media item {media_item} is {len(some)} things:", *(f"{t}: {e}" for t, e in some.items())])
        for media_item, some in things.items()
        if len(some) > 1
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_things_become_one_and_nothing_depends_on_the_order_or_is_written_twice(
    conn: Connection, seed: int
) -> None:
    if problems := outcome(conn, seed).problems:
        pytest.fail("\n".join(problems), pytrace=False)


def test_few_things_are_split(conn: Connection) -> None:
    found = []
    for seed in SEEDS:
        found.append(outcome(conn, seed))
        conn.rollback()
    groups = sum(some.groups for some in found)
    split = [line for some in found for line in some.split]
    if len(split) > MOST_SPLIT * groups:
        share = f"{len(split)} of {groups} groups of entries are split, {len(split) / groups:.1%}"
        pytest.fail("\n".join([f"{share}; at most {MOST_SPLIT:.0%}", *split]), pytrace=False)


def test_the_libraries_are_as_large_and_as_awkward_as_they_should_be() -> None:
    sizes, blind = [], []
    for seed in SEEDS:
        for listing in history(seed):
            sizes.append(len(listing.entries))
            blind.append(sum(not entry.copy.ids for entry in listing.entries) / len(listing.entries))
    assert min(sizes) >= 30
    assert max(sizes) <= 80
    assert 0.2 < sum(blind) / len(blind) < 0.45
